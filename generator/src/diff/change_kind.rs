//! The kinds of changes.

/// Makes the enum, its names and its list out of one table.
macro_rules! rules {
    ($(#[doc = $docs:literal] $variant:ident = $name:literal,)*) => {
        /// The kind of a change; `docs/diff.md` has a table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $(#[doc = $docs] $variant,)*
        }

        impl ChangeKind {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns its name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns whether it is about what opens a connection.
            #[must_use]
            pub const fn is_handshake(self) -> bool {
                matches!(
                    self,
                    Self::ChannelAdded
                        | Self::ChannelRemoved
                        | Self::ChannelAddress
                        | Self::ServerAdded
                        | Self::ServerRemoved
                        | Self::ServerAddress
                        | Self::ParameterAdded
                        | Self::ParameterRemoved
                        | Self::ParameterChanged
                        | Self::Credentials
                )
            }

            /// Whether there is something new that nobody has to use.
            pub(super) const fn is_addition(self) -> bool {
                matches!(
                    self,
                    Self::MessageAdded
                        | Self::SetAdded
                        | Self::OperationAdded
                        | Self::ChannelAdded
                        | Self::ServerAdded
                        | Self::ParameterAdded
                        | Self::RequiredAdded
                        | Self::OptionalAdded
                        | Self::ValueAdded
                        | Self::BranchAdded
                        | Self::TypeAdded
                        | Self::TypeWidened
                        | Self::ObjectOpened
                        | Self::NameChanged
                        | Self::DeprecatedChanged
                )
            }

            /// What kind of change it is, and where to read more.
            pub(super) const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!(
                        $docs,
                        " The page `docs/diff.md` has cases of every rule, and says what peers and code can rely on."
                    ).trim_ascii(),)*
                }
            }

            /// Returns what kind of change it is, in a sentence.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $docs.trim_ascii(),)*
                }
            }
        }
    };
}

rules! {
    /// A message was added to a channel.
    MessageAdded = "message-added",
    /// A message was removed from a channel.
    MessageRemoved = "message-removed",
    /// A message is distinguished by other means or by another tag.
    MessageTag = "message-tag",
    /// The content type of a message changed.
    ContentType = "content-type",
    /// A channel has messages in a direction for the first time.
    SetAdded = "set-added",
    /// A channel no longer has messages in a direction.
    SetRemoved = "set-removed",
    /// An operation was added.
    OperationAdded = "operation-added",
    /// An operation was removed.
    OperationRemoved = "operation-removed",
    /// A connection to a channel was added.
    ChannelAdded = "channel-added",
    /// The connection to a channel was removed.
    ChannelRemoved = "channel-removed",
    /// The address of a channel changed.
    ChannelAddress = "channel-address",
    /// A server was added.
    ServerAdded = "server-added",
    /// A server was removed.
    ServerRemoved = "server-removed",
    /// The address of a server changed.
    ServerAddress = "server-address",
    /// A parameter of a handshake was added.
    ParameterAdded = "parameter-added",
    /// A parameter of a handshake was removed.
    ParameterRemoved = "parameter-removed",
    /// The values or the default of a handshake parameter changed, or it became required.
    ParameterChanged = "parameter-changed",
    /// The required credentials changed.
    Credentials = "credentials",
    /// A required member was added.
    RequiredAdded = "required-added",
    /// An optional member was added.
    OptionalAdded = "optional-added",
    /// A required member was removed.
    RequiredRemoved = "required-removed",
    /// An optional member was removed.
    OptionalRemoved = "optional-removed",
    /// An optional member became required.
    MemberRequired = "member-required",
    /// A required member became optional.
    MemberOptional = "member-optional",
    /// `null` is allowed now.
    NullAdded = "null-added",
    /// `null` is no longer allowed.
    NullRemoved = "null-removed",
    /// The new type has all values of the old one, and more.
    TypeWidened = "type-widened",
    /// The new type has only some values of the old one.
    TypeNarrowed = "type-narrowed",
    /// The type changed.
    TypeChanged = "type-changed",
    /// Unknown members are forbidden now, or must have a type.
    ObjectClosed = "object-closed",
    /// Unknown members are allowed now.
    ObjectOpened = "object-opened",
    /// A value was added to an enum.
    ValueAdded = "value-added",
    /// A value was removed from an enum.
    ValueRemoved = "value-removed",
    /// A constant changed.
    ConstantChanged = "constant-changed",
    /// A member became a constant.
    ConstantAdded = "constant-added",
    /// A member is no longer a constant.
    ConstantRemoved = "constant-removed",
    /// A branch was added to a union.
    BranchAdded = "branch-added",
    /// A branch was removed from a union.
    BranchRemoved = "branch-removed",
    /// The branches of a union are distinguished by other means or by another tag.
    BranchTag = "branch-tag",
    /// The number of positions of a tuple changed.
    PositionsChanged = "positions-changed",
    /// A constraint was added or became tighter.
    ConstraintAdded = "constraint-added",
    /// A constraint was removed or became looser.
    ConstraintRemoved = "constraint-removed",
    /// A constraint changed.
    ConstraintChanged = "constraint-changed",
    /// A condition on values, or on alternatives, changed.
    ConditionChanged = "condition-changed",
    /// A default changed.
    DefaultChanged = "default-changed",
    /// A format that does not affect the type changed.
    FormatChanged = "format-changed",
    /// Something became deprecated, or is no longer deprecated.
    DeprecatedChanged = "deprecated-changed",
    /// A Rust name changed; the wire format did not.
    NameChanged = "name-changed",
    /// A type that no message uses was added.
    TypeAdded = "type-added",
    /// A type that no message uses was removed.
    TypeRemoved = "type-removed",
    /// Another part of the crate's API changed.
    ApiChanged = "api-changed",
}

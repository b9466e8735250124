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

            /// Its name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Whether it is about what opens a connection.
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

            /// What kind of change it is, in a sentence.
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
    /// A message travels that did not.
    MessageAdded = "message-added",
    /// A message does not travel any more.
    MessageRemoved = "message-removed",
    /// A message is told from others by other means or by another tag.
    MessageTag = "message-tag",
    /// A message is written in another format.
    ContentType = "content-type",
    /// The messages of a channel and direction are new.
    SetAdded = "set-added",
    /// The messages of a channel and direction are gone.
    SetRemoved = "set-removed",
    /// An operation is new.
    OperationAdded = "operation-added",
    /// An operation is gone.
    OperationRemoved = "operation-removed",
    /// A channel can be connected to that could not.
    ChannelAdded = "channel-added",
    /// A channel cannot be connected to any more.
    ChannelRemoved = "channel-removed",
    /// The address of a channel is another.
    ChannelAddress = "channel-address",
    /// A server is new.
    ServerAdded = "server-added",
    /// A server is gone.
    ServerRemoved = "server-removed",
    /// A server is reached by another address.
    ServerAddress = "server-address",
    /// A parameter of a handshake is new.
    ParameterAdded = "parameter-added",
    /// A parameter of a handshake is gone.
    ParameterRemoved = "parameter-removed",
    /// A parameter of a handshake takes other values, has another default or is required.
    ParameterChanged = "parameter-changed",
    /// Other credentials are asked for.
    Credentials = "credentials",
    /// A required member is new.
    RequiredAdded = "required-added",
    /// An optional member is new.
    OptionalAdded = "optional-added",
    /// A required member is gone.
    RequiredRemoved = "required-removed",
    /// An optional member is gone.
    OptionalRemoved = "optional-removed",
    /// An optional member must be there now.
    MemberRequired = "member-required",
    /// A required member may be missing now.
    MemberOptional = "member-optional",
    /// `null` is a value now.
    NullAdded = "null-added",
    /// `null` is no value any more.
    NullRemoved = "null-removed",
    /// Values of the old type are values of the new one.
    TypeWidened = "type-widened",
    /// Values of the new type are values of the old one.
    TypeNarrowed = "type-narrowed",
    /// The type is another.
    TypeChanged = "type-changed",
    /// Members that are not named are forbidden now, or of one type.
    ObjectClosed = "object-closed",
    /// Members that are not named are allowed now.
    ObjectOpened = "object-opened",
    /// An enum lists another value.
    ValueAdded = "value-added",
    /// An enum does not list a value any more.
    ValueRemoved = "value-removed",
    /// A constant is another.
    ConstantChanged = "constant-changed",
    /// A member is a constant now.
    ConstantAdded = "constant-added",
    /// A member is no constant any more.
    ConstantRemoved = "constant-removed",
    /// A union has another branch.
    BranchAdded = "branch-added",
    /// A union has lost a branch.
    BranchRemoved = "branch-removed",
    /// The branches of a union are distinguished by other means or by another tag.
    BranchTag = "branch-tag",
    /// A tuple has more positions, or fewer.
    PositionsChanged = "positions-changed",
    /// A constraint is tighter, or new.
    ConstraintAdded = "constraint-added",
    /// A constraint is looser, or gone.
    ConstraintRemoved = "constraint-removed",
    /// A constraint is another.
    ConstraintChanged = "constraint-changed",
    /// What is said of values under a condition, or of alternatives, is something else.
    ConditionChanged = "condition-changed",
    /// A default is another.
    DefaultChanged = "default-changed",
    /// A format that changes no type is another.
    FormatChanged = "format-changed",
    /// Something is deprecated now, or is not any more.
    DeprecatedChanged = "deprecated-changed",
    /// The same on the wire has another name in Rust.
    NameChanged = "name-changed",
    /// A type that is in no message is new.
    TypeAdded = "type-added",
    /// A type that is in no message is gone.
    TypeRemoved = "type-removed",
    /// Something else of the crate's API is another.
    ApiChanged = "api-changed",
}

//! The one list of codes.

use super::Level;

/// Makes the enum and its facts from one table, so that a code is added in one place.
macro_rules! codes {
    ($($name:ident = $id:literal, $level:ident, $title:literal, $explanation:literal;)*) => {
        /// What kind of mistake a diagnostic reports.
        ///
        /// A code keeps its meaning for good: programs may rely on [`Code::id`].
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $id, "`: ", $title, ".")] $name,)*
        }

        impl Code {
            /// Every code, in the order of their identifiers.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the identifier, such as `EW0101`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Returns the code with this identifier.
            #[must_use]
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.id() == id)
            }

            /// Returns how bad it is.
            #[must_use]
            pub const fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)* }
            }

            /// Returns the kind of mistake in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Returns what the code means and the way out, in a few sentences.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)* }
            }
        }
    };
}

codes! {
    // EW01xx: reading files and following references.
    DocumentUnreadable = "EW0101", Error, "the document cannot be read",
        "The file does not exist, cannot be opened, is not UTF-8 or is too large. Check the path in the \
         settings. Convert files in another encoding to UTF-8.";
    Syntax = "EW0102", Error, "the text is neither YAML nor JSON",
        "The text does not follow the grammar of YAML 1.2, which includes JSON. Reading stops at the first \
         error. Frequent causes are tabs in the indentation, a value that contains `: ` or starts with `@`, `*`, `&`, \
         `%` or a backquote without being quoted, and brackets or quotes that are not closed.";
    EmptyDocument = "EW0103", Error, "the document is empty",
        "The file is empty, or contains only comments. An AsyncAPI document is an object with at least the member \
         `asyncapi`.";
    SeveralDocuments = "EW0104", Error, "the file contains several documents",
        "A line with `---` starts another YAML document. Only the first one is read. Remove the line, or move each \
         document into a file of its own.";
    DuplicateKey = "EW0105", Error, "a key occurs twice in one object",
        "A key can occur only once in an object, and the intended value is unknown. The first one is used to find \
         further mistakes. Remove or rename one of the two.";
    KeyNotScalar = "EW0106", Error, "a key is a list or an object",
        "YAML allows a list or an object as a key, JSON does not, and an AsyncAPI document has to have a JSON form. \
         The member is ignored. A key that starts with `{` or `[` has to be quoted.";
    UnknownAnchor = "EW0107", Error, "an alias refers to an unknown anchor",
        "`*name` repeats the value with the anchor `&name` earlier in the same file. There is no such anchor; `null` \
         is used to find further mistakes. Quote a string that starts with `*`.";
    SelfAlias = "EW0108", Error, "an alias refers to a value that contains it",
        "The alias is inside the value that it repeats, so the value would be infinite. Use `$ref` for a recursive \
         schema.";
    TooLarge = "EW0109", Error, "the document is too large",
        "With every alias expanded, the file has more values than the generator reads. The usual cause is \
         aliases of lists of aliases.";
    TooDeep = "EW0110", Error, "the document is nested too deeply",
        "Lists and objects are nested more deeply than the generator reads. The inner value is replaced by `null`. \
         Move inner schemas to `components/schemas` and refer to them with `$ref`.";
    UnknownTag = "EW0111", Warning, "unknown tag",
        "YAML does not define tags such as `!Name`. The tag is ignored. Remove it, or quote the string if it \
         starts with `!`.";
    TagMismatch = "EW0112", Error, "a value does not match its tag",
        "A tag such as `!!int` defines the type of the value, but the value has another form. The tag is ignored. \
         Correct the value or remove the tag.";
    InvalidMerge = "EW0113", Error, "a merge key has no object to merge",
        "`<<` merges the members of other objects into this one. Its value must be an object or a list of \
         objects, usually an alias. Quote the key if a member is named `<<`.";
    NotFinite = "EW0114", Warning, "a number has no JSON form",
        "YAML has infinite numbers and `.nan`, but JSON does not, so no message can contain such a value. It is read \
         as `null`. Remove it, or quote it if it is a string.";
    CommentNotSeparated = "EW0115", Warning, "a comment follows without a space",
        "YAML requires a space before the `#` of a comment. Many parsers accept the comment without it, and so does \
         the generator. Write a space before the `#`.";

    ReferenceFileMissing = "EW0120", Error, "a `$ref` refers to a file that does not exist",
        "The path of a `$ref` is relative to the folder of the file that contains it. Check the spelling, and whether \
         the name contains characters that have to be percent-encoded.";
    ReferenceFileUnreadable = "EW0121", Error, "a `$ref` refers to a file that cannot be read",
        "The file exists, but it cannot be opened, or it is not a YAML or JSON document in UTF-8. Files in other \
         languages, such as Avro IDL or Protocol Buffers, cannot be referred to.";
    ReferenceOutside = "EW0122", Error, "a `$ref` leaves the folder of the document",
        "Files are read only below the folder of the document and the folders of the files in `[vendor]`, so that a \
         document from somebody else cannot reach other files of this machine. Move the file, or allow it in the \
         settings.";
    ReferenceNotVendored = "EW0123", Error, "a `$ref` refers to a URL without a local copy",
        "Nothing is fetched from the network while generating. Save the file, and map its URL to it under `[vendor]` \
         in the settings.";
    ReferenceTargetMissing = "EW0124", Error, "the target of a `$ref` does not exist",
        "The part of a `$ref` after `#` names the members on the way to the target, separated by `/`. One of them does \
         not exist. In a name, `/` is written `~1`, `~` is written `~0`, and characters that a URL may not contain are \
         percent-encoded.";
    ReferenceFragment = "EW0125", Error, "the fragment of a `$ref` is not a JSON pointer",
        "The part of a `$ref` after `#` has to be empty or start with `/`. Names given by `$id` or `$anchor` cannot be \
         referred to. `~` has to be followed by `0` or `1`, and `%` by two hexadecimal digits of UTF-8.";
    ReferenceCycle = "EW0126", Error, "a `$ref` leads back to itself",
        "The reference leads to other references, and these lead back to it, so there is no target. Write the schema \
         in one of these places.";

    RemoteSchema = "EW0127", Warning, "a schema is at a URL without a local copy",
        "Nothing is fetched from the network while generating, so the values that the schema describes stay raw JSON; tags, \
         examples and links to documentation are left out. Save the file, and map its URL to it under `[vendor]` in the \
         settings, to get types. `EW0127 = \"deny\"` under `[lint]` makes it an error.";
    SharedWayBack = "EW0128", Error, "a shared schema refers to a document",
        "The crates of the documents depend on the crate of shared types, which therefore cannot depend on them. \
         Move the schema to the files under `[shared]`, and refer to it from the document.";

    // EW02xx: reading the document.
    NotAsyncApi = "EW0201", Error, "the file is not an AsyncAPI document",
        "An AsyncAPI document is an object with the member `asyncapi`, which names the version of the specification. \
         A file of another kind cannot be read as one, but a message of an AsyncAPI document can refer to the schemas in an \
         OpenAPI, JSON Schema or Avro file.";
    UnsupportedVersion = "EW0202", Error, "the version of AsyncAPI is not supported",
        "The document follows a version of the specification that the generator does not read. The official converter \
         turns older documents into a version that it does.";
    WrongType = "EW0203", Error, "a keyword has a value of the wrong type",
        "The specification gives every keyword a type, such as a string or an object. A value of another type cannot \
         be understood; it is ignored to look for further mistakes.";
    MissingField = "EW0204", Warning, "a required field is missing",
        "The specification requires this field. It is read as if it were empty, or as far as possible taken from the rest \
         of the document.";
    UndeclaredSecurityScheme = "EW0205", Warning, "a security requirement refers to an unknown scheme",
        "Every name in `security` has to be a key of `components.securitySchemes`. The alternative with this name is left \
         out.";
    UnsupportedSchemaFormat = "EW0206", Warning, "a payload is in a schema language that is not read",
        "The payload's `schemaFormat` names a language other than JSON Schema. The message is generated with a payload \
         of raw JSON, so that everything else in the document still works.";
    UnsupportedContentType = "EW0207", Warning, "a message is not sent as JSON",
        "Generated types read and write JSON. A message of another content type is generated with its JSON form.";
    MisplacedBinding = "EW0208", Warning, "a binding is not allowed here",
        "The `ws` binding has `query` and `headers` on channels only. They are read from the server as well, and what \
         the channel says wins.";
    UnnamedMessage = "EW0209", Warning, "a message has no name",
        "A message is named by its key under `components.messages`, its `messageId` or its `name`. Without any, its \
         name comes from its place and changes when the document is rearranged.";
    EmptyOperation = "EW0210", Warning, "an operation has no message",
        "An operation without messages cannot be called or handled, so nothing is generated for it.";
    UncarriedSecurity = "EW0211", Warning, "a security scheme cannot be used with a WebSocket",
        "The opening handshake of a WebSocket carries a URL and headers. A scheme that needs something else gets no \
         typed credential.";
    MalformedPart = "EW0212", Warning, "a part of the document has an unexpected form",
        "The part does not have the form that the specification requires. The generated code does not depend on it, so \
         it is ignored.";
    UndeclaredParameter = "EW0213", Warning, "an address has a parameter that is not declared",
        "Every `{name}` in the address of a channel has to be a key of its `parameters`, and every one in the host or path \
         of a server a key of its `variables`. The parameter is read as one that takes any text.";
    UnusedParameter = "EW0214", Warning, "a declared parameter is not in the address",
        "The address of the channel, or the host and path of the server, does not contain the parameter, so that there is \
         no place for its value. It is left out.";
    UndeclaredServer = "EW0215", Warning, "a channel names a server that does not exist",
        "Every entry of a channel's `servers` has to be one of the document's servers. The entry is left out.";
    MalformedExpression = "EW0216", Warning, "a runtime expression cannot be read",
        "A place in a message is written `$message.header#/name` or `$message.payload#/path/to/name`; what follows `#` is \
         a JSON pointer. The expression is left out.";
    UnknownMinorVersion = "EW0217", Warning, "the version of AsyncAPI is newer than the generator",
        "The document is read by the rules of the newest version that the generator knows. What the newer version adds is \
         not understood.";
    ForeignMessage = "EW0218", Warning, "an operation names a message that its channel does not have",
        "Since AsyncAPI 3.0, the `messages` of an operation refer to messages of its channel, as in \
         `#/channels/user/messages/created`. A message from elsewhere is read as if the channel had it too; one that does \
         not exist is left out.";
    ObsoleteOperation = "EW0219", Warning, "an operation is written as in AsyncAPI 2",
        "Since AsyncAPI 3.0, operations are under `operations` and have the action `send` or `receive`. `publish` and \
         `subscribe` are read as in AsyncAPI 2: the application receives what others publish, and sends what they \
         subscribe to.";

    UncarriedCorrelation = "EW0220", Warning, "a correlation id cannot travel over a WebSocket",
        "A frame of a WebSocket has a payload and no headers, so an id that the document places in headers is never sent. \
         Replies are taken in the order of the requests instead. An id in the payload works with every protocol; a responder \
         copies it automatically.";
    UnknownWord = "EW0221", Error, "a value is not one of those that the specification allows",
        "The specification allows only a few values here, and the generated code depends on the value. The part with \
         the unknown value is left out to find further mistakes.";
    MisspeltKey = "EW0222", Warning, "a key is probably misspelt",
        "The specification has no such key here, so it is ignored; a key that it has differs by one or two letters. \
         Correct the key, or prefix it with `x-` if it is your own extension.";

    UncarriedReplyAddress = "EW0223", Warning, "a reply address cannot travel over a WebSocket",
        "A frame of a WebSocket has a payload and no headers, so an address that the document places in the headers of the \
         request never arrives. No typed call is generated for the operation, only the location of the address.";

    // EW03xx: schemas.
    Unsatisfiable = "EW0301", Error, "no value can satisfy a schema",
        "All parts of an `allOf` apply together. These parts exclude each other, so no message can be valid. The first \
         part is used to find further mistakes.";
    UnknownType = "EW0302", Error, "a type is not one of JSON Schema's",
        "`type` takes `null`, `boolean`, `integer`, `number`, `string`, `array`, `object` or a list of them. Dates and \
         the like are strings with a `format`.";
    UnsupportedKeyword = "EW0303", Warning, "a keyword is documented but not checked",
        "Neither the Rust type nor `validate` expresses the keyword, or its value has no meaning. It appears in the \
         docs of the type.";
    RawJson = "EW0304", Warning, "a schema is raw JSON",
        "The schema combines alternatives in a way that is kept as raw JSON. Nothing is lost on the wire.";
    Overridden = "EW0305", Warning, "an `allOf` redefines a property",
        "Two parts of an `allOf` define the same property in ways that exclude each other. According to JSON Schema, no \
         value can satisfy both. Usually the later part is meant to replace the earlier one, so the later part is used.";
    ForeignValue = "EW0306", Warning, "a value in `enum` does not have the `type`",
        "Both `type` and `enum` hold, so a value of another type can never occur, and none is generated for it. Usually the \
         value should be a string: YAML reads unquoted numbers, `true`, `false` and `null` as such.";

    // EW04xx: the crate.
    NameCollision = "EW0401", Warning, "two places have the same Rust name",
        "Names are derived from places in the document, and two places can have the same name. Types take precedence over \
         message enums, these over connections, and these over operations; within a kind, the key that is first in the alphabet \
         takes precedence. The other item gets a longer name or a number, which changes when the first one is removed. Add the \
         settings that are shown to fix its name.";
    IndistinctMessages = "EW0402", Warning, "messages that arrive together cannot be distinguished",
        "A received frame must be recognised as one of the messages of its channel: by a constant, by members that \
         only one of them has, or by its JSON type. These messages do not differ in any of that, so a frame that matches \
         both is decoded as the first one. Add a tag to the document, or under `[event]` in the settings.";
    UnusedSetting = "EW0403", Error, "a setting matches nothing",
        "An entry of the settings refers to something that the document does not have. Often the document has \
         changed, or the name is misspelt.";
    NameAdjusted = "EW0404", Warning, "two names differ only in spelling",
        "`tenantId` and `tenant_id` have the same Rust name. The one that is spelled like the Rust name keeps it; the \
         other gets a name that describes its spelling. Set a name under `[rename]` in the settings to change it.";
    UntaggedMessage = "EW0405", Error, "a message has no value for the tag of the settings",
        "The settings name the property that distinguishes messages. Every message of the channel needs a constant for it, or \
         a value under `[event.values]` in the settings.";
    InvalidExtension = "EW0406", Error, "an extension of the document cannot be used",
        "`x-eventwire-name` takes a Rust identifier, and `x-eventwire-type` the path of a Rust type, such as \
         `my_crate::Money<u8>`: generic arguments can be types, lifetimes, integers and booleans, but not expressions, and a \
         path has at most 256 bytes. There are no other extensions with the prefix `x-eventwire-`.";
    PositionalName = "EW0407", Warning, "an alternative is named by its position",
        "Alternatives are named by their key, their `title`, a constant in them or their type. This one has none of \
         them, so its name changes when an alternative is inserted before it. To fix its name, give it a `title`, move it to \
         `components.schemas`, or add an entry under `[rename]` in the settings.";

    // EW041x: the settings.
    SettingsSyntax = "EW0410", Error, "the settings are not TOML",
        "The settings are a TOML file. Frequent causes are strings without quotes, duplicate keys, and JSON pointers \
         as keys without quotes.";
    UnknownSetting = "EW0411", Error, "unknown setting",
        "There is no such key here. `eventwire init` writes a file with every key, and `eventwire schema` prints \
         the JSON Schema for completion in editors.";
    SettingType = "EW0412", Error, "a setting has a value of the wrong type",
        "Every setting takes a string, a boolean, a list or a table, and some accept only certain strings.";
    MissingSetting = "EW0413", Error, "a setting is missing",
        "A few settings have no default, such as the path of the document.";
    InvalidSetting = "EW0414", Error, "a setting has an invalid value",
        "The value has the right type but is not valid: an invalid Rust name, a JSON pointer without `/`, an unknown \
         code, parts that require others.";
    SharedConflict = "EW0415", Error, "settings of a document and of its shared types do not agree",
        "Types of the document contain shared types, which are generated with the settings under `[shared]` in the \
         list. Shared types must derive everything that types of the document derive, and both must use the same type for times.";
    UnreadDocument = "EW0416", Error, "a document of the list has mistakes",
        "All documents of the list decide which schemas of the files under `[shared]` become types, and whether they are \
         received or sent. The mistakes of this document are reported when its own crate is generated.";
}

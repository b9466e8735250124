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
        "The file does not exist, may not be read, is not UTF-8 or is too large. Check the path in the \
         settings. A file in another encoding has to be converted to UTF-8 first.";
    Syntax = "EW0102", Error, "the text is neither YAML nor JSON",
        "The text does not follow the grammar of YAML 1.2, of which JSON is a part. Reading stops at the first such \
         place. Frequent causes are tabs in the indentation, a value that contains `: ` or starts with `@`, `*`, `&`, \
         `%` or a backquote without being quoted, and brackets or quotes that are not closed.";
    EmptyDocument = "EW0103", Error, "the document is empty",
        "The file holds nothing, or only comments. An AsyncAPI document is an object with at least the member \
         `asyncapi`.";
    SeveralDocuments = "EW0104", Error, "the file holds several documents",
        "A line with `---` starts another YAML document. Only the first one is read. Remove the line, or move each \
         document into a file of its own.";
    DuplicateKey = "EW0105", Error, "a key occurs twice in one object",
        "Each key may occur once in an object; which value is meant cannot be known. The first one is used to look for \
         further mistakes. Remove or rename one of the two.";
    KeyNotScalar = "EW0106", Error, "a key is a list or an object",
        "YAML allows a list or an object as a key, JSON does not, and an AsyncAPI document has to have a JSON form. \
         The member is ignored. A key that starts with `{` or `[` has to be quoted.";
    UnknownAnchor = "EW0107", Error, "an alias refers to no anchor",
        "`*name` repeats the value that was marked `&name` further up in the same file. There is no such mark; `null` \
         is used to look for further mistakes. A string that starts with `*` has to be quoted.";
    SelfAlias = "EW0108", Error, "an alias refers to a value that contains it",
        "The alias stands inside the value that it would repeat, which would never end. Use `$ref` for a recursive \
         schema.";
    TooLarge = "EW0109", Error, "the document is too large",
        "With every alias replaced by what it repeats, the file holds more values than the generator reads. No \
         document needs that many; the usual cause is aliases of lists of aliases.";
    TooDeep = "EW0110", Error, "the document is nested too deeply",
        "Lists and objects are nested more deeply than the generator reads. The inner value is replaced by `null`. \
         Move inner schemas to `components/schemas` and refer to them with `$ref`.";
    UnknownTag = "EW0111", Warning, "a tag is not known",
        "A tag such as `!Name` asks the reader of the file for something that YAML itself does not define. It is \
         ignored, and the value is read as if the tag were not there. Remove the tag. A string that starts with `!` \
         has to be quoted.";
    TagMismatch = "EW0112", Error, "a value does not fit its tag",
        "A tag such as `!!int` says of what kind the value is, but the value has no such form. It is read as if the \
         tag were not there. Correct the value or remove the tag.";
    InvalidMerge = "EW0113", Error, "a merge key has no object to merge",
        "`<<` merges the members of another object into the one where it stands. Its value has to be an object or a \
         list of objects, usually an alias. A member that is really called `<<` has to be quoted.";
    NotFinite = "EW0114", Warning, "a number has no JSON form",
        "YAML knows infinite numbers and `.nan`, JSON does not: no message can ever contain such a value. It counts as \
         `null`. Remove it, or quote it if a string is meant.";
    CommentNotSeparated = "EW0115", Warning, "a comment follows without a space",
        "YAML asks for a space before the `#` of a comment. The comment is clearly meant, and many parsers take it, so it \
         is read as one. Write a space before the `#`.";

    ReferenceFileMissing = "EW0120", Error, "a `$ref` names a file that does not exist",
        "The path of a `$ref` is relative to the folder of the file that contains it. Check the spelling, and whether \
         the name contains characters that have to be percent-encoded.";
    ReferenceFileUnreadable = "EW0121", Error, "a `$ref` names a file that cannot be read",
        "The file exists, but it may not be read, or it is not a YAML or JSON document in UTF-8. Files in other \
         languages, such as Avro IDL or Protocol Buffers, cannot be referred to.";
    ReferenceOutside = "EW0122", Error, "a `$ref` leaves the folder of the document",
        "Files are read only below the folder of the document and the folders of the files in `[vendor]`, so that a \
         document from somebody else cannot reach other files of this machine. Move the file, or allow it in the \
         settings.";
    ReferenceNotVendored = "EW0123", Error, "a `$ref` names a URL without a local copy",
        "Nothing is fetched from the network while generating. Save the file, and map its URL to it under `[vendor]` \
         in the settings.";
    ReferenceTargetMissing = "EW0124", Error, "a `$ref` points to nothing",
        "The part of a `$ref` after `#` names the members on the way to the target, separated by `/`. One of them does \
         not exist. In a name, `/` is written `~1`, `~` is written `~0`, and characters that a URL may not contain are \
         percent-encoded.";
    ReferenceFragment = "EW0125", Error, "the fragment of a `$ref` is not a JSON pointer",
        "The part of a `$ref` after `#` has to be empty or start with `/`. Names given by `$id` or `$anchor` cannot be \
         referred to. `~` has to be followed by `0` or `1`, and `%` by two hexadecimal digits of UTF-8.";
    ReferenceCycle = "EW0126", Error, "a `$ref` leads back to itself",
        "On the way to its target the reference passes other references, and these lead back to where it started, so \
         that there is no target. Put the schema that is meant in one of the places.";

    // EW02xx: reading the document.
    NotAsyncApi = "EW0201", Error, "the file is not an AsyncAPI document",
        "An AsyncAPI document is an object with the member `asyncapi`, which names the version of the specification. \
         OpenAPI and plain JSON Schema files cannot be read as one.";
    UnsupportedVersion = "EW0202", Error, "the version of AsyncAPI is not supported",
        "The document follows a version of the specification that the generator does not read. The official converter \
         turns older documents into a version that it does.";
    WrongType = "EW0203", Error, "a keyword has a value of the wrong type",
        "The specification gives every keyword a type, such as a string or an object. A value of another type cannot \
         be understood; it is ignored to look for further mistakes.";
    MissingField = "EW0204", Error, "a required field is missing",
        "The specification requires this field, and what is generated depends on it.";
    UndeclaredSecurityScheme = "EW0205", Error, "a security requirement names no scheme",
        "Every name in `security` has to be a key of `components.securitySchemes`.";
    UnsupportedSchemaFormat = "EW0206", Warning, "a payload is in a schema language that is not read",
        "The payload's `schemaFormat` names a language other than JSON Schema. The message is generated with a payload \
         of raw JSON, so that everything else in the document still works.";
    UnsupportedContentType = "EW0207", Warning, "a message is not sent as JSON",
        "Generated types read and write JSON. A message of another content type is generated with its JSON form.";
    MisplacedBinding = "EW0208", Warning, "a binding stands where its specification does not allow it",
        "The `ws` binding has `query` and `headers` on channels only. They are read from the server as well, and what \
         the channel says wins.";
    UnnamedMessage = "EW0209", Warning, "a message has no name",
        "A message is named by its key under `components.messages`, its `messageId` or its `name`. Without any, its \
         name comes from its place and changes when the document is rearranged.";
    EmptyOperation = "EW0210", Warning, "an operation carries no message",
        "An operation without messages cannot be called or handled, so nothing is generated for it.";
    UncarriedSecurity = "EW0211", Warning, "a security scheme cannot be used with a WebSocket",
        "The opening handshake of a WebSocket carries a URL and headers. A scheme that needs something else gets no \
         typed credential.";

    // EW03xx: schemas.
    Unsatisfiable = "EW0301", Error, "no value can satisfy a schema",
        "Everything in an `allOf` applies at once. Here the parts exclude each other, so that no message could ever be \
         valid. The first part is used to look for further mistakes.";
    UnknownType = "EW0302", Error, "a type is not one of JSON Schema's",
        "`type` takes `null`, `boolean`, `integer`, `number`, `string`, `array`, `object` or a list of them. Dates and \
         the like are strings with a `format`.";
    UnsupportedKeyword = "EW0303", Warning, "a keyword is documented but not enforced",
        "The keyword limits values in a way that no Rust type expresses. It appears in the docs of the type.";
    RawJson = "EW0304", Warning, "a schema has no Rust type of its own",
        "The schema combines alternatives in a way that is kept as raw JSON. Nothing is lost on the wire.";

    // EW04xx: the crate.
    NameCollision = "EW0401", Error, "two places take one Rust name",
        "Names follow from places in the document. Two places can come to the same name, for example when they differ in \
         case only. A name under `[rename]` in the settings, by JSON pointer, settles it.";
    IndistinctMessages = "EW0402", Error, "messages that arrive together cannot be told apart",
        "A received frame has to be recognised as one of the messages of its channel. That takes a required property \
         with one constant value, different for each message, such as `type`.";
    IdleSetting = "EW0403", Error, "a setting matches nothing",
        "An entry of the settings names something that the document does not have, so it would do nothing. Often the \
         document has changed, or the name is misspelt.";
}

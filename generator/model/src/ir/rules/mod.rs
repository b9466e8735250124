//! The constraints of a document that Rust types do not express.
//!
//! Comes in: schemas, and the types that were decided for them. Goes out: [`Rules`], tables that the generated crate checks
//! on demand. A rule that every value of its type keeps is left out, so a table shows what the type leaves open: `view`
//! knows what a type says, `write` compares it with the schema, `simplify` drops what is left empty.

mod exclude;
mod limit;
mod simplify;
mod view;
mod write;

use super::{Message, Type, TypeDef, TypeId};
use crate::schema::{SchemaId, Schemas, TypeSet};
use crate::source::Location;
pub use limit::{CountLimit, Limit, NumberLimit};
use view::View;
use write::RuleWriter;

/// Every table, and which of them holds for what.
#[derive(Debug, Default)]
pub struct Rules {
    /// The tables.
    pub tables: Vec<RuleTable>,
    /// The table of each type, by the type's position; `None` where nothing is left to check.
    pub types: Vec<Option<usize>>,
    /// The table of each message's payload, by the message's position.
    pub messages: Vec<Option<usize>>,
}

/// Rules that hold together.
#[derive(Debug)]
pub struct RuleTable {
    /// What it may be called.
    pub subject: RuleSubject,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The schema that they were written for, if it is one.
    schema: Option<SchemaId>,
}

/// What a table is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSubject {
    /// A type.
    Type(TypeId),
    /// A message, by its position, whose payload has no type of its own.
    Message(usize),
    /// A schema, by its place.
    Schema(Location),
}

/// A constraint; see the runtime's type of this name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rule {
    /// All rules of a table.
    Table(usize),
    /// There is no such value.
    Never,
    /// One of these types.
    Type(TypeSet),
    /// One of these strings.
    StringEnum(Vec<String>),
    /// One of these values, as JSON.
    Enum(Vec<String>),
    /// A format.
    Format(Format),
    /// A limit on single values.
    Limit(Limit),
    /// All elements.
    Elements(Vec<Self>),
    /// One element, from 0.
    Element(usize, Vec<Self>),
    /// The elements from a position on.
    ElementsFrom(usize, Vec<Self>),
    /// Some element.
    Contains(Vec<Self>),
    /// These members are there.
    Required(Vec<String>),
    /// Each of these members, if it is there.
    Properties(Vec<String>, Vec<Self>),
    /// The members whose names match a regular expression.
    PatternProperties(String, Vec<Self>),
    /// All members but these.
    AdditionalProperties {
        /// By name.
        names: Vec<String>,
        /// By regular expression.
        patterns: Vec<String>,
        /// What holds for the others.
        rules: Vec<Self>,
    },
    /// The names of the members.
    PropertyNames(Vec<Self>),
    /// The object, if it has a member.
    Dependent(String, Vec<Self>),
    /// `null`, or a value that keeps the rules.
    OrNull(Vec<Self>),
    /// One of several alternatives.
    Choice(Choice),
    /// Alternatives that a scalar distinguishes.
    Tagged {
        /// Where it is.
        path: Vec<String>,
        /// Its values for each alternative, and what holds there.
        arms: Vec<(Vec<String>, Vec<Self>)>,
    },
    /// The rules are not kept.
    Not(Vec<Self>),
    /// Rules under a condition.
    If {
        /// What is tried.
        condition: Vec<Self>,
        /// What holds for values that keep it.
        then: Vec<Self>,
        /// What holds for all others.
        otherwise: Vec<Self>,
    },
}

/// Makes both forms of one function.
macro_rules! inside {
    ($(#[$docs:meta])* $visibility:vis $name:ident, $self:ty, $list:ty, $iter:ident) => {
        $(#[$docs])*
        $visibility fn $name(self: $self) -> Vec<$list> {
            match self {
                Self::Elements(rules)
                | Self::Element(_, rules)
                | Self::ElementsFrom(_, rules)
                | Self::Contains(rules)
                | Self::Properties(_, rules)
                | Self::PatternProperties(_, rules)
                | Self::AdditionalProperties { rules, .. }
                | Self::PropertyNames(rules)
                | Self::Dependent(_, rules)
                | Self::OrNull(rules)
                | Self::Not(rules) => vec![rules],
                Self::If { condition, then, otherwise } => vec![condition, then, otherwise],
                Self::Choice(choice) => choice.alternatives.$iter().collect(),
                Self::Tagged { arms, .. } => arms.$iter().map(|(_, rules)| rules).collect(),
                Self::Table(_)
                | Self::Never
                | Self::Type(_)
                | Self::StringEnum(_)
                | Self::Enum(_)
                | Self::Format(_)
                | Self::Limit(_)
                | Self::Required(_) => Vec::new(),
            }
        }
    };
}

impl Rule {
    inside! {
        /// The lists of rules inside of it.
        #[must_use]
        pub inside, &Self, &Vec<Self>, iter
    }
    inside! {
        /// The same, to be changed.
        pub inside_mut, &mut Self, &mut Vec<Self>, iter_mut
    }
}

/// `oneOf` or `anyOf`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Choice {
    /// Whether just one alternative may fit.
    pub exactly_one: bool,
    /// The rules of each alternative.
    pub alternatives: Vec<Vec<Rule>>,
    /// For each form that values of the type have: rules of which one list must be empty for the form to fit anyway.
    proofs: Vec<Vec<Vec<Rule>>>,
}

/// The formats that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `date`
    Date,
    /// `time`
    Time,
    /// `date-time`
    DateTime,
    /// `uuid`
    Uuid,
    /// `email`
    Email,
    /// `hostname`
    Hostname,
    /// `ipv4`
    Ipv4,
    /// `ipv6`
    Ipv6,
    /// `uri`
    Uri,
    /// `uri-reference`
    UriReference,
}

impl Format {
    const ALL: [Self; 10] = [
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::Uuid,
        Self::Email,
        Self::Hostname,
        Self::Ipv4,
        Self::Ipv6,
        Self::Uri,
        Self::UriReference,
    ];

    /// Returns the format of a name, if it is checked.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Returns its name in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date-time",
            Self::Uuid => "uuid",
            Self::Email => "email",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Uri => "uri",
            Self::UriReference => "uri-reference",
        }
    }
}

/// The rules of every type and of every payload; `payloads` are the schemas of the messages' payloads, in their order.
pub(super) fn rules(
    schemas: &Schemas,
    types: &[TypeDef],
    messages: &[Message],
    payloads: &[Option<SchemaId>],
) -> Rules {
    let mut writer = RuleWriter::new(schemas, types);
    let own: Vec<Option<usize>> = (0..types.len()).map(|index| writer.of_type(TypeId(index))).collect();
    let messages = messages.iter().zip(payloads).enumerate().map(|(index, (message, payload))| {
        let view = View::of(&message.payload, types);
        payload.map(|payload| writer.of_message(index, payload, &view))
    });
    let messages: Vec<Option<usize>> = messages.collect();
    simplify::simplify(writer.finish(), &own, &messages)
}

/// Whether values of a type are read and written by code that is not generated.
fn is_external(used: &Type) -> bool {
    matches!(used, Type::External(_))
}

//! Lines of Rust broken as `prettyplease` breaks them, for the few forms that most lines of a crate have.
//!
//! Parsing tokens and finding their layout is most of what generating costs, and the implementations of structs are most
//! of a crate. Their lines are written here at once; a test compares them with what `prettyplease` makes of them.

use std::fmt::Display;

/// How wide a line may be.
const WIDTH: usize = 89;
/// How wide a struct expression on one line may be.
const STRUCT_WIDTH: usize = 34;

/// Text that grows by lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// Lines as they are.
    pub(super) fn push(&mut self, lines: impl Display) {
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{lines}");
    }

    /// An arm of a match whose pattern is a text: `"cid" => object.call(…),`.
    pub(super) fn arm(&mut self, depth: usize, pattern: &str, call: &Call<'_>) {
        let whole = format!("{}{pattern} => {},", indent(depth), call.inline());
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}{pattern} => {{", indent(depth)));
        self.call(depth + 1, call, "");
        self.push(format_args!("{}}}", indent(depth)));
    }

    /// A call on a line of its own, or on several where it is too long; `end` follows it, such as `?;`.
    pub(super) fn call(&mut self, depth: usize, call: &Call<'_>, end: &str) {
        let whole = format!("{}{}{end}", indent(depth), call.inline());
        if fits(&whole) {
            return self.push(whole);
        }
        let Call { receiver, method, arguments } = call;
        self.push(format_args!("{}{receiver}", indent(depth)));
        let whole = format!("{}.{method}({}){end}", indent(depth + 1), arguments.join(", "));
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}.{method}(", indent(depth + 1)));
        for (index, argument) in arguments.iter().enumerate() {
            self.argument(depth + 2, argument, index + 1 == arguments.len());
        }
        self.push(format_args!("{}){end}", indent(depth + 1)));
    }

    /// An argument on a line of its own; a field on several where its name is very long. The comma after the last one does
    /// not count.
    fn argument(&mut self, depth: usize, argument: &str, last: bool) {
        let whole = format!("{}{argument},", indent(depth));
        let field = argument.split_once('.').filter(|(owner, _)| matches!(*owner, "self" | "&self"));
        let Some((owner, rest)) = field.filter(|_| !fits(if last { whole.trim_end_matches(',') } else { &whole }))
        else {
            return self.push(whole);
        };
        let steps = rest.replace('.', &format!("\n{}.", indent(depth + 1)));
        self.push(format_args!("{}{owner}\n{}.{steps},", indent(depth), indent(depth + 1)));
    }

    /// `Ok(Self { … })`: a short expression on one line, another with a line for each value.
    pub(super) fn values(&mut self, depth: usize, Values(values): &Values) {
        if values.is_empty() {
            return self.push(format_args!("{}Ok(Self {{}})", indent(depth)));
        }
        let inline: Vec<String> = values.iter().map(Value::inline).collect();
        let inline = format!("Self {{ {} ", inline.join(", "));
        if inline.chars().count() <= STRUCT_WIDTH {
            return self.push(format_args!("{}Ok({inline}}})", indent(depth)));
        }
        self.push(format_args!("{}Ok(Self {{", indent(depth)));
        for value in values {
            self.value(depth + 1, value);
        }
        self.push(format_args!("{}}})", indent(depth)));
    }

    fn value(&mut self, depth: usize, value: &Value) {
        let whole = format!("{}{},", indent(depth), value.inline());
        let Value { text, error: Some(error) } = value else { return self.push(whole) };
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}{text}", indent(depth)));
        let whole = format!("{}.ok_or_else(|| {})?,", indent(depth + 1), error.inline());
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}.ok_or_else(|| {{", indent(depth + 1)));
        self.failing(depth + 2, error, "");
        self.push(format_args!("{}}})?,", indent(depth + 1)));
    }

    /// `return Err(missing("id"));`
    pub(super) fn fail(&mut self, depth: usize, error: &Failing) {
        let whole = format!("{}return Err({});", indent(depth), error.inline());
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}return Err(", indent(depth)));
        self.failing(depth + 1, error, ",");
        self.push(format_args!("{});", indent(depth)));
    }

    fn failing(&mut self, depth: usize, error: &Failing, end: &str) {
        let whole = format!("{}{}{end}", indent(depth), error.inline());
        if fits(&whole) {
            return self.push(whole);
        }
        self.push(format_args!("{}{}(", indent(depth), error.function));
        self.push(format_args!("{}{},", indent(depth + 1), error.argument));
        self.push(format_args!("{}){end}", indent(depth)));
    }

    /// A call whose last argument is a macro with a list, `object.extra(&self.extra, named!["id", "cid"])?;`: the list takes
    /// as many lines as it needs.
    pub(super) fn listing(&mut self, depth: usize, call: &Call<'_>, name: &str, words: &[String]) {
        let whole_list = format!("{name}![{}]", words.join(", "));
        let arguments: Vec<&str> = call.arguments.iter().copied().chain([whole_list.as_str()]).collect();
        let whole = Call { arguments: &arguments, ..*call };
        if fits(&format!("{}{whole_list}", indent(depth + 2))) {
            return self.call(depth, &whole, "?;");
        }
        self.push(format_args!("{}{}", indent(depth), call.receiver));
        self.push(format_args!("{}.{}(", indent(depth + 1), call.method));
        for argument in call.arguments {
            self.push(format_args!("{}{argument},", indent(depth + 2)));
        }
        self.push(format_args!("{}{name}![", indent(depth + 2)));
        self.fill(depth + 3, words);
        self.push(format_args!("{}],", indent(depth + 2)));
        self.push(format_args!("{})?;", indent(depth + 1)));
    }

    /// Words with commas between them, as many on a line as fit.
    fn fill(&mut self, depth: usize, words: &[String]) {
        let mut line = indent(depth).to_owned();
        for (index, word) in words.iter().enumerate() {
            let comma = if index + 1 < words.len() { "," } else { "" };
            let first = line.len() == indent(depth).len();
            if !first && !fits(&format!("{line} {word}{comma}")) {
                self.push(std::mem::replace(&mut line, indent(depth).to_owned()));
            } else if !first {
                line.push(' ');
            }
            line.push_str(word);
            line.push_str(comma);
        }
        self.push(line);
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// A call of a method.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) receiver: &'a str,
    pub(super) method: &'a str,
    pub(super) arguments: &'a [&'a str],
}

impl Call<'_> {
    fn inline(&self) -> String {
        let Self { receiver, method, arguments } = self;
        format!("{receiver}.{method}({})", arguments.join(", "))
    }
}

/// A call of a function that makes an error.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) function: &'static str,
    pub(super) argument: String,
}

impl Failing {
    fn inline(&self) -> String {
        format!("{}({})", self.function, self.argument)
    }
}

/// The values of a struct expression.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<Value>);

#[derive(Debug)]
struct Value {
    text: String,
    /// What is returned where the value is `None`.
    error: Option<Failing>,
}

impl Values {
    /// A value as it is.
    pub(super) fn push(&mut self, text: String) {
        self.0.push(Value { text, error: None });
    }

    /// A value that must be there: `id: field_id.ok_or_else(|| missing("id"))?`.
    pub(super) fn required(&mut self, name: &str, local: &str, error: Failing) {
        self.0.push(Value { text: format!("{name}: {local}"), error: Some(error) });
    }
}

impl Value {
    fn inline(&self) -> String {
        match &self.error {
            Some(error) => format!("{}.ok_or_else(|| {})?", self.text, error.inline()),
            None => self.text.clone(),
        }
    }
}

fn indent(depth: usize) -> &'static str {
    &"                                "[..depth * 4]
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH
}

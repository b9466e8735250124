use super::{StreamChat, uuid};
use eventwire_core::Json;

/// A user who connects to Stream Chat.
///
/// The same value goes into the connection request, as its parameter `json`, and gives the client the rules of the API,
/// so the user's id is written once:
///
/// ```
/// use eventwire::profile::stream_chat::Identity;
///
/// let jack = Identity::new("jack").name("Jack");
/// assert_eq!(
///     jack.to_json(),
///     r#"{"user_id":"jack","user_details":{"id":"jack","name":"Jack"},"server_determines_connection_id":true}"#
/// );
/// let profile = jack.profile();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    id: String,
    details: Vec<(String, Json)>,
    anonymous: bool,
}

impl Identity {
    /// Creates a user that authenticates with a token, by id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), details: Vec::new(), anonymous: false }
    }

    /// Creates an anonymous user, with a random id.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { anonymous: true, ..Self::new(uuid()) }
    }

    /// Sets the name that others see.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        self.detail("name", name)
    }

    /// Sets the URL of the user's picture.
    #[must_use]
    pub fn image(self, url: &str) -> Self {
        self.detail("image", url)
    }

    /// Sets any other field of the user. The id is not one of them: it stays as it is, and so does whether the user is
    /// anonymous, `anon`.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.details.retain(|(known, _)| known != name);
        if name != "id" && name != "anon" {
            self.details.push((name.to_owned(), value.into()));
        }
        self
    }

    /// Returns the id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns whether the user is anonymous.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Returns the parameter `json` of a first connection: the id and all details.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.payload(&self.details)
    }

    /// Returns the parameter `json` of a later connection. It has no details, because the server would overwrite those
    /// of the user.
    #[must_use]
    pub fn to_json_without_details(&self) -> String {
        self.payload(&[])
    }

    /// Returns the rules of Stream Chat for connections of this user.
    #[must_use]
    pub fn profile(&self) -> StreamChat {
        StreamChat::new(self.clone())
    }

    fn payload(&self, details: &[(String, Json)]) -> String {
        let id = Json::from(self.id.as_str());
        let mut payload = format!(r#"{{"user_id":{id},"user_details":{{"id":{id}"#);
        if self.anonymous {
            payload.push_str(r#","anon":true"#);
        }
        for (name, value) in details {
            payload.extend([",", Json::from(name.as_str()).text(), ":", value.text()]);
        }
        payload.push_str(r#"},"server_determines_connection_id":true}"#);
        payload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anonymous_visitor_is_marked_every_time() {
        let visitor = Identity::anonymous().name("Guest").detail("anon", false);
        let id = visitor.id();
        let beginning = format!(r#"{{"user_id":"{id}","user_details":{{"id":"{id}","anon":true"#);
        let end = r#"},"server_determines_connection_id":true}"#;
        assert_eq!(visitor.to_json(), format!(r#"{beginning},"name":"Guest"{end}"#));
        assert_eq!(visitor.to_json_without_details(), format!("{beginning}{end}"));
    }

    #[test]
    fn details_are_quoted_and_set_once() {
        let identity = Identity::new("ja\"ck").name("J").detail("a\"ge", 7).name("Jack").detail("id", "joe");
        assert_eq!(
            identity.to_json(),
            r#"{"user_id":"ja\"ck","user_details":{"id":"ja\"ck","a\"ge":7,"name":"Jack"},"server_determines_connection_id":true}"#
        );
        assert_eq!(
            identity.to_json_without_details(),
            r#"{"user_id":"ja\"ck","user_details":{"id":"ja\"ck"},"server_determines_connection_id":true}"#
        );
    }

    #[test]
    fn visitors_differ() {
        let (one, other) = (Identity::anonymous(), Identity::anonymous());
        assert_ne!(one.id(), other.id());
        assert!(one.is_anonymous() && !Identity::new("jack").is_anonymous());
    }
}

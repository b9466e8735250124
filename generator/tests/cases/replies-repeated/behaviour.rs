//! A reply repeats the id of its request, wherever the two carry it.

use std::convert::Infallible;

use eventwire::Responder as _;
use generated::messages::{AnswerPayload, AskPayload, DeclinePayload, NotePayload};
use generated::types::AnswerPayloadHead;
use generated::{AskedAnswers, AskedReply, AskedResponder, Event};

/// Gives one reply after the other.
struct Desk(Vec<AskedReply>);

impl AskedResponder for Desk {
    type Error = Infallible;

    async fn answer_ask(&mut self, _: AskPayload) -> Result<AskedReply, Infallible> {
        Ok(self.0.remove(0))
    }
}

#[tokio::test]
async fn replies_repeat_the_id() {
    let decline = || DeclinePayload::new("mine".to_owned()).into();
    let with_id = r#"{"type":"ask","meta":{"request":{"id":"q1"}}}"#;
    for (request, reply, expected) in [
        (
            with_id,
            AnswerPayload::new(Box::new(AnswerPayloadHead::new())).into(),
            r#"{"type":"answer","head":{"re/id":"q1"}}"#,
        ),
        (with_id, decline(), r#"{"type":"decline","id":"q1"}"#),
        (with_id, NotePayload::new().into(), r#"{"type":"note"}"#),
        (r#"{"type":"ask","meta":{"request":{"id":null}}}"#, decline(), r#"{"type":"decline","id":"mine"}"#),
        (r#"{"type":"ask","meta":{}}"#, decline(), r#"{"type":"decline","id":"mine"}"#),
        (r#"{"type":"ask"}"#, decline(), r#"{"type":"decline","id":"mine"}"#),
    ] {
        let sent = AskedAnswers(Desk(vec![reply])).respond(Event::from_json(request).unwrap().into()).await;
        assert_eq!(sent.unwrap().unwrap().to_json().unwrap(), expected, "{request}");
    }
}

use std::sync::Mutex;

use generated::{Command, LeftPayload, SaidPayload, Say, Shout};

#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl eventwire::Publisher<Command> for Log {
    type Error = ();
    type Receipt = ();

    async fn publish_to(&self, command: Command, _: eventwire::Destination) -> Result<(), ()> {
        self.0.lock().unwrap().push(command.to_json().unwrap());
        Ok(())
    }
}

/// A client has the traits of all operations of its channel, so a method of the second one says so.
#[tokio::test]
async fn methods_of_two_operations_are_told_apart() {
    let log = Log::default();
    log.send_said(SaidPayload::new()).await.unwrap();
    log.shout_said(SaidPayload::new()).await.unwrap();
    log.send_left(LeftPayload::new()).await.unwrap();
    let said = r#"{"type":"said"}"#;
    assert_eq!(*log.0.lock().unwrap(), [said, said, r#"{"type":"left"}"#]);
}

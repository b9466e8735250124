//! The generated client and the generated service of one document, over a real socket.

use eventwire::Timestamp;
use eventwire::client::{Client, CloseFrame, Disconnect};
use eventwire::profile::stream_chat::Identity;
use eventwire::server::UpgradeRequest;
use std::time::Duration;
use stream_chat_events as client;
use stream_chat_events::SendClientEvent as _;
use stream_chat_service::{self as service, ReceiveChatEvent as _, StreamChatService};
use tokio::net::{TcpListener, TcpStream};

/// Greets a client that has the key, and answers when it types.
async fn serve(stream: TcpStream) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let request = UpgradeRequest::read(stream).await?;
    if request.path() != "/connect" || request.query("api_key") != Some("key") {
        return Ok(request.reject(401, "who are you?").await?);
    }
    let session = request.accept::<StreamChatService>().await?;
    let mut events = session.events();
    let hello = service::HealthCheckEvent {
        connection_id: Some("c-1".into()),
        ..service::HealthCheckEvent::new(Timestamp::now())
    };
    session.send_health_check(hello).await?;
    while let Some(delivery) = events.next().await {
        if let Some(service::Event::TypingStart(typing)) = delivery.event() {
            let new = service::MessageNewEvent { cid: typing.cid, ..service::MessageNewEvent::new(Timestamp::now()) };
            session.send_message_new(new).await?;
        }
    }
    session.close(CloseFrame::new(1000), Duration::from_secs(1)).await;
    Ok(())
}

#[tokio::test]
async fn both_sides_of_a_document_understand_each_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    let jack = Identity::new("jack");
    let query = client::ConnectQuery::new(jack.to_json());
    let handshake = client::Connect::new(client::Server::insecure(address.to_string()), query).handshake();
    let builder = || Client::<client::StreamChat>::builder(handshake.clone()).profile(jack.profile());

    let credentials = client::Credentials::ApiKey { api_key: "key".into() };
    let connected = builder().credentials(credentials).connect().await.unwrap();
    let mut news = connected.events_of_kinds(&[client::EventKind::MessageNew]);
    let typing = client::TypingStartEvent {
        cid: Some("messaging:general".into()),
        ..client::TypingStartEvent::new(Timestamp::now())
    };
    connected.send_typing_start(typing).await.unwrap();
    let delivery = news.next().await.and_then(eventwire::client::Delivery::event);
    let Some(client::Event::MessageNew(new)) = delivery else { panic!("{delivery:?}") };
    assert_eq!(new.cid.as_deref(), Some("messaging:general"));

    let refused = builder().connect().await.unwrap_err();
    assert!(matches!(refused.reason(), Disconnect::Http(answer) if answer.status == 401), "{refused}");
}

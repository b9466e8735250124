//! Names of the document that come to one identifier are distinguished, and each value goes to its own place.

use eventwire::Credentials as _;
use generated::{
    RoomConnect, RoomConnectParameters, RoomConnectParametersMode, RoomConnectQuery, RoomConnectQueryAB,
    RoomConnectQueryABKebab, RoomCredentials, RoomServer,
};

fn connect(server: RoomServer) -> RoomConnect {
    let parameters = RoomConnectParameters::new("one".to_owned(), "two".to_owned());
    RoomConnect::new(server, parameters, RoomConnectQuery::new(RoomConnectQueryABKebab::SelfLower, 2))
}

#[test]
fn every_value_goes_to_its_place() {
    let mut connect = connect(RoomServer::Main { h_x: None, h_x_camel: "cell".to_owned(), r#type: None });
    assert_eq!(
        connect.handshake().url(),
        "wss://a.cell.example/v1/rooms/one/two/1/y?page=1&fixed=1&mixed=a-y&a-b=self&count=2"
    );
    connect.parameters.page = Some(7);
    connect.parameters.mode = Some(RoomConnectParametersMode::XLower);
    connect.query.a_b = Some(RoomConnectQueryAB::Q);
    connect.server = RoomServer::Prod { host: "b.example".to_owned() };
    assert_eq!(
        connect.handshake().url(),
        "ws://b.example/rooms/one/two/7/x?page=7&fixed=1&mixed=a-x&a-b=self&a_b=q&count=2"
    );
}

#[test]
fn credentials_of_one_spelling_are_two() {
    let mut handshake = connect(RoomServer::CustomLower).handshake();
    let (query, header) = ("in the query".into(), "in a header".into());
    handshake.set_credentials(&RoomCredentials::TokAAndTokA { tok_a: query, tok_a_camel: header }.into_list());
    assert_eq!(handshake.query("token_a"), Some("in the query"));
    handshake.set_credentials(&RoomCredentials::TokACamel { tok_a: "in a header".into() }.into_list());
    assert_eq!(handshake.query("token_a"), Some("in the query"));
}

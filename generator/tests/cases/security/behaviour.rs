//! What an operation asks for is asked for beside what its server asks for.

use eventwire::Credentials as _;
use generated::{
    NewsConnect, NewsCredentials, NewsServer, OrdersConnect, OrdersCredentials, OrdersServer, PricesConnect,
    PricesCredentials, PricesServer,
};

#[test]
fn a_server_and_an_operation_are_both_satisfied() {
    let mut handshake = OrdersConnect::new(OrdersServer::Main).handshake();
    OrdersCredentials::KeyAndOauth { key: "k".into(), oauth: "t".into() }.apply(&mut handshake);
    assert_eq!(handshake.query("key"), Some("k"));
    assert_eq!(handshake.header("authorization"), Some("Bearer t"));

    let mut handshake = OrdersConnect::new(OrdersServer::Main).handshake();
    OrdersCredentials::KeyAndSession { key: "k".into(), session: "s".into() }.apply(&mut handshake);
    assert_eq!(handshake.query("key"), Some("k"));
    assert_eq!(handshake.header("cookie"), Some("session=s"));
}

#[test]
fn an_operation_can_ask_for_more_than_another() {
    let mut handshake = PricesConnect::new(PricesServer::Local).handshake();
    PricesCredentials::Anonymous.apply(&mut handshake);
    assert_eq!(handshake.headers().count(), 0);
    PricesCredentials::Basic { basic: ("ines".to_owned(), "secret".into()) }.apply(&mut handshake);
    assert_eq!(handshake.header("authorization"), Some("Basic aW5lczpzZWNyZXQ="));
}

#[test]
fn an_operation_without_security_needs_what_the_server_asks_for() {
    let mut handshake = NewsConnect::new(NewsServer::Main).handshake();
    NewsCredentials::Key { key: "k".into() }.apply(&mut handshake);
    assert_eq!(handshake.query("key"), Some("k"));
}

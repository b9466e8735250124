//! What an operation asks for is asked for beside what its server asks for.

use eventwire::Credentials as _;
use generated::{
    NewsConnect, NewsCredentials, NewsServer, OrdersConnect, OrdersCredentials, OrdersServer, PricesConnect,
    PricesCredentials, PricesServer,
};

#[test]
fn a_server_and_an_operation_are_both_satisfied() {
    let mut handshake = OrdersConnect::new(OrdersServer::Main).handshake();
    handshake.set_credentials(&OrdersCredentials::KeyAndOauth { key: "k".into(), oauth: "t".into() }.into_list());
    assert_eq!(handshake.query("key"), Some("k"));
    assert_eq!(handshake.header("authorization"), Some("Bearer t"));

    let mut handshake = OrdersConnect::new(OrdersServer::Main).handshake();
    handshake.set_credentials(&OrdersCredentials::KeyAndSession { key: "k".into(), session: "s".into() }.into_list());
    assert_eq!(handshake.query("key"), Some("k"));
    assert_eq!(handshake.header("cookie"), Some("session=s"));
}

#[test]
fn an_operation_can_ask_for_more_than_another() {
    let mut handshake = PricesConnect::new(PricesServer::Local).handshake();
    handshake.set_credentials(&PricesCredentials::Anonymous.into_list());
    assert_eq!(handshake.headers().count(), 0);
    handshake.set_credentials(&PricesCredentials::Basic { basic: ("ines".to_owned(), "secret".into()) }.into_list());
    assert_eq!(handshake.header("authorization"), Some("Basic aW5lczpzZWNyZXQ="));
}

#[test]
fn an_operation_without_security_needs_what_the_server_asks_for() {
    let mut handshake = NewsConnect::new(NewsServer::Main).handshake();
    handshake.set_credentials(&NewsCredentials::Key { key: "k".into() }.into_list());
    assert_eq!(handshake.query("key"), Some("k"));
}

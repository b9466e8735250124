//! Arguments of one type are taken in the order in which the document has the members, so none is mistaken for another.

use generated::{Connect, ConnectHeaders, ConnectParameters, ConnectQuery, QuotePayload, Server, TradePayload};

#[test]
fn members_are_arguments_in_the_order_of_properties() {
    let quote = QuotePayload::new("EWT", "101.0", "101.5");
    assert_eq!(eventwire::to_json(&quote).unwrap(), r#"{"type":"quote","symbol":"EWT","bid":"101.0","ask":"101.5"}"#);
    let headers = generated::QuoteHeaders::new("t-1", "floor");
    assert_eq!(eventwire::to_json(&headers).unwrap(), r#"{"trace":"t-1","source":"floor"}"#);
}

/// What is extended comes first, what is only required last, in the order of `required`.
#[test]
fn parts_of_a_type_follow_each_other() {
    let [stamp, place, price, amount] = ["noon", "pit", "101.2", "7"];
    let trade = TradePayload::new(stamp, place, price, amount, "UTC", "A. B.", "two");
    assert_eq!(
        eventwire::to_json(&trade).unwrap(),
        r#"{"type":"trade","stamp":"noon","place":"pit","price":"101.2","amount":"7","zone":"UTC","clerk":"A. B.","parties":"two"}"#
    );
}

#[test]
fn a_handshake_takes_them_in_the_order_of_the_address_and_of_properties() {
    let connect = Connect::new(
        Server::Floor,
        ConnectParameters::new("north", "four"),
        ConnectQuery::new("june", "may"),
        ConnectHeaders::new("audit", "ab-12"),
    );
    let handshake = connect.handshake();
    assert_eq!(handshake.url(), "ws://quotes.example/north/four?to=june&from=may");
    assert_eq!((handshake.header("x-reason"), handshake.header("x-account")), (Some("audit"), Some("ab-12")));
}

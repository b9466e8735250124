//! The address is given when the connection is opened.

use generated::{Clock, Connect, ConnectParameters, Event, Server};

#[test]
fn the_address_is_a_parameter() {
    let parameters = ConnectParameters::new("/ticks/a b".to_owned());
    assert_eq!(Connect::new(Server::Main, parameters).handshake().url(), "ws://clock.example/v1/ticks/a%20b");
}

#[test]
fn a_channel_without_operations_is_received() {
    fn events<A: eventwire::Api<Event = Event>>(_: A) {}
    events(Clock);
}

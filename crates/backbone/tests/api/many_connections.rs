//! Clients that hold connections without using them.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::common::Server;

/// What the server holds at once, and how many somebody tries to hold.
const MAX: usize = 40;
const MANY: usize = 60;

#[tokio::test]
async fn whoever_holds_many_connections_starves_nobody() {
    let server = Server::start_with(|settings| settings.max_connections = MAX).await;
    let base = server.backbone.base_url();
    let address = base.replace("http://localhost", "127.0.0.1");
    let mut held = Vec::new();
    for number in 0..MANY {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // Some say nothing, some begin a call and never end it.
        if number % 2 == 0 {
            stream
                .write_all(b"POST /api/v2/Challenges HTTP/1.1\r\nhost: localhost\r\nx-more: ")
                .await
                .unwrap();
        }
        held.push(stream);
    }
    let ada = server.identity().await;
    ada.template().await;
    ada.post("SyncRuns", json!({})).await;
    // The connections that were there longest had to make room.
    let mut first = held.remove(0);
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), first.read_to_end(&mut rest));
    let ended = read.await.unwrap();
    assert!(ended.is_err() || rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"));
    drop(held);
    ada.template().await;
}

//! What is particular to calls with many bytes.

use std::time::Duration;

use tessera_backbone_api::client::{
    AnswerFault, BackboneClient, ClientError, NetworkFailure, RetryPolicy,
};
use tessera_core_types::FileId;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::server::{Server, answer, device, settings};

fn id() -> FileId {
    FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap()
}

#[tokio::test]
async fn a_transfer_has_more_time_than_other_calls() {
    let slow = answer(200, "cipher").after(Duration::from_millis(300));
    let server = Server::with([slow]).await;
    let mut settings = settings(&server.base_url);
    settings.retry = RetryPolicy::NONE;
    settings.timeout = Duration::from_millis(100);
    let device = device(&BackboneClient::new(settings).unwrap());
    let kind = NetworkFailure::Timeout;
    assert_eq!(
        device.file_metadata(&id()).await.unwrap_err(),
        ClientError::Network { kind }
    );
    let download = device.download_file(&id()).await.unwrap();
    assert_eq!(download.read().await.unwrap(), b"cipher");
}

#[tokio::test]
async fn a_download_ends_where_it_becomes_too_large_or_breaks_off() {
    const LONG: &[u8] =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        32\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n32\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n";
    const ANNOUNCED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 81\r\n\r\n1";
    const CUT_OFF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123";
    for (bytes, what) in [
        (LONG, AnswerFault::TooLarge),
        (ANNOUNCED, AnswerFault::TooLarge),
        (CUT_OFF, AnswerFault::CutOff),
    ] {
        let mut settings = settings(&after_login(bytes).await);
        settings.retry = RetryPolicy::NONE;
        settings.max_answer_bytes = 80;
        let device = device(&BackboneClient::new(settings).unwrap());
        let error = match device.download_file(&id()).await {
            Ok(download) => download.read().await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error, ClientError::UnexpectedAnswer { what });
    }
}

/// A server that lets anybody log in and answers everything else with these bytes.
async fn after_login(bytes: &'static [u8]) -> String {
    const LOGIN: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 61\r\n\r\n\
        {\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":300}";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            let length = stream.read(&mut asked).await.unwrap();
            let is_login = asked[..length].starts_with(b"POST /connect/token");
            let answer = if is_login { LOGIN } else { bytes };
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    base_url
}

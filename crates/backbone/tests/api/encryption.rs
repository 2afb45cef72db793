//! With a certificate, connections are encrypted.

use reqwest::Certificate;
use tessera_backbone::{Backbone, BackboneError, TlsSettings};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::common::{Server, http, settings};

/// A certificate for `localhost` and its key, made for these tests alone.
pub fn tls_files() -> [&'static str; 2] {
    [
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/certificate.pem"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/key.pem"),
    ]
}

/// A client that trusts that certificate and no other.
pub fn trusting_http() -> reqwest::Client {
    // Chooses the cryptography.
    drop(http());
    let certificate = std::fs::read(tls_files()[0]).unwrap();
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([Certificate::from_pem(&certificate).unwrap()])
        .build()
        .unwrap()
}

fn tls() -> TlsSettings {
    let [certificate, key] = tls_files().map(Into::into);
    TlsSettings { certificate, key }
}

#[tokio::test]
async fn whoever_trusts_the_certificate_is_served_and_others_hear_nothing() {
    let mut server = Server::start_with(|settings| settings.tls = Some(tls())).await;
    let base = server.backbone.base_url().to_owned();
    assert!(base.starts_with("https://localhost:"), "{base}");
    // Those who never greet or greet with nonsense hold up nobody.
    let address = base.replace("https://localhost", "127.0.0.1");
    let silent = TcpStream::connect(&address).await.unwrap();
    let mut confused = TcpStream::connect(&address).await.unwrap();
    confused.write_all(&[0x16, 3, 1]).await.unwrap();

    server.http = trusting_http();
    let (ada, bob) = (server.identity().await, server.identity().await);
    let relationship = bob.connect(&ada).await;
    ada.get(&format!("Relationships/{relationship}")).await.ok();

    let doubting = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(doubting.get(format!("{base}/health")).send().await.is_err());
    let plain = format!("{}/health", base.replace("https", "http"));
    assert!(server.http.get(plain).send().await.is_err());
    drop((silent, confused));
    server.backbone.stop().await;
}

#[tokio::test]
async fn files_that_are_no_certificate_or_no_key_are_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.pem");
    let [certificate, key] = tls_files().map(std::path::PathBuf::from);
    for (certificate, key, named) in [
        (missing.clone(), key.clone(), &missing),
        (certificate.clone(), missing.clone(), &missing),
        (key.clone(), key.clone(), &key),
        (certificate.clone(), certificate.clone(), &certificate),
    ] {
        let (mut settings, _) = settings(&folder);
        settings.tls = Some(TlsSettings { certificate, key });
        let error = Backbone::start(settings).await.err().unwrap();
        assert_eq!(error.code(), "error.tessera.backbone.invalidSetting");
        let said = error.to_string();
        assert!(said.starts_with(named.to_str().unwrap()), "{said}");
        assert!(matches!(error, BackboneError::Tls { .. }));
    }
}

//! Starting, stopping, and the data file.

use std::net::TcpListener;

use rusqlite::Connection;
use serde_json::json;
use tessera_backbone::{Backbone, BackboneError};

use crate::common::{PASSWORD, Server, http, settings};

#[tokio::test]
async fn the_base_url_is_localhost_without_a_slash() {
    let server = Server::start().await;
    let base = server.backbone.base_url();
    let port = base.strip_prefix("http://localhost:").unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0);
}

#[tokio::test]
async fn after_a_restart_everything_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, clock) = settings(&folder);
    let mut server = Server {
        backbone: Backbone::start(settings.clone()).await.unwrap(),
        clock,
        folder,
        http: http(),
    };
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let relationship = bob.connect(&ada).await;
    let before = ada.get(&format!("Relationships/{relationship}")).await.ok();

    server.backbone.stop().await;
    server.backbone = Backbone::start(settings).await.unwrap();
    // Access tokens hold on, as the key that signs them is in the file; logging in works, too.
    let mut again = server.anonymous();
    again.token = ada.token.clone();
    again.get("Devices/Self").await.ok();
    again.token = Some(server.token(&ada.username, PASSWORD).await);
    let after = again
        .get(&format!("Relationships/{relationship}"))
        .await
        .ok();
    assert_eq!(after, before);
    let run = again.post("SyncRuns", json!({})).await.created();
    assert_eq!(run["syncRun"]["eventCount"], 1);
    assert_eq!(run["syncRun"]["index"], 1);
}

#[tokio::test]
async fn a_second_backbone_on_the_same_file_is_refused_until_the_first_one_stops() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _) = settings(&folder);
    let first = Backbone::start(settings.clone()).await.unwrap();
    let error = Backbone::start(settings.clone()).await.err().unwrap();
    assert!(matches!(error, BackboneError::FileInUse { .. }), "{error}");
    assert_eq!(error.code(), "error.tessera.backbone.fileInUse");
    assert!(
        error
            .to_string()
            .ends_with("backbone.sqlite is in use by another Backbone")
    );
    first.stop().await;
    Backbone::start(settings).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_port_in_use_is_said_on_either_address() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["127.0.0.1:0", "[::1]:0"] {
        // A computer without IPv6 has nothing to test there.
        let Ok(taken) = TcpListener::bind(address) else {
            continue;
        };
        let (mut settings, _) = settings(&folder);
        settings.port = Some(taken.local_addr().unwrap().port());
        let error = Backbone::start(settings).await.err().unwrap();
        assert_eq!(
            error.code(),
            "error.tessera.backbone.portInUse",
            "{address}"
        );
    }
}

#[tokio::test]
async fn files_of_others_and_of_newer_versions_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _) = settings(&folder);
    Backbone::start(settings.clone())
        .await
        .unwrap()
        .stop()
        .await;
    let newer = Connection::open(&settings.data).unwrap();
    newer.pragma_update(None, "user_version", 1000).unwrap();
    drop(newer);
    let error = Backbone::start(settings.clone()).await.err().unwrap();
    assert_eq!(error.code(), "error.tessera.backbone.fileTooNew");
    assert!(
        error.to_string().contains("newer version of this program"),
        "{error}"
    );

    let mut other = settings.clone();
    other.data = folder.path().join("other.sqlite");
    Connection::open(&other.data)
        .unwrap()
        .execute("CREATE TABLE notes (text)", [])
        .unwrap();
    let error = Backbone::start(other).await.err().unwrap();
    assert_eq!(error.code(), "error.tessera.backbone.notABackbone");

    let mut text = settings.clone();
    text.data = folder.path().join("letter.txt");
    let letter = "Dear reader, this is a letter and not a database. ".repeat(100);
    std::fs::write(&text.data, &letter).unwrap();
    let error = Backbone::start(text.clone()).await.err().unwrap();
    assert_eq!(error.code(), "error.tessera.backbone.notABackbone");
    assert_eq!(std::fs::read_to_string(&text.data).unwrap(), letter);

    let mut folder_as_file = settings;
    folder_as_file.data = folder.path().to_owned();
    let error = Backbone::start(folder_as_file).await.err().unwrap();
    assert_eq!(error.code(), "error.tessera.backbone.cannotOpenFile");
}

#[tokio::test]
async fn a_file_from_before_there_was_a_key_for_access_tokens_gets_one() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, clock) = settings(&folder);
    let mut server = Server {
        backbone: Backbone::start(settings.clone()).await.unwrap(),
        clock,
        folder,
        http: http(),
    };
    let ada = server.identity().await;
    server.backbone.stop().await;
    let older = Connection::open(&settings.data).unwrap();
    older
        .execute_batch("DROP TABLE access_token_key; PRAGMA user_version = 5")
        .unwrap();
    drop(older);
    server.backbone = Backbone::start(settings).await.unwrap();
    let mut again = server.anonymous();
    again.token = ada.token.clone();
    assert_eq!(again.get("Devices/Self").await.status, 401);
    again.token = Some(server.token(&ada.username, PASSWORD).await);
    again.get("Devices/Self").await.ok();
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for host_name in ["127.0.0.1", "", "ab", "Local.Host", "local..host", "host-1"] {
        let (mut settings, _) = settings(&folder);
        settings.host_name = host_name.to_owned();
        let error = Backbone::start(settings).await.err().unwrap();
        assert_eq!(
            error.code(),
            "error.tessera.backbone.invalidSetting",
            "{host_name}"
        );
    }
    let (mut without_clients, _) = settings(&folder);
    without_clients.clients.clear();
    assert!(Backbone::start(without_clients).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start().await;
    server.identity().await;
    for entry in std::fs::read_dir(server.folder.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", entry.path());
    }
}

#[tokio::test]
async fn both_addresses_of_localhost_answer() {
    let server = Server::start().await;
    let port = server
        .backbone
        .base_url()
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    let mut addresses = vec!["127.0.0.1"];
    if TcpListener::bind("[::1]:0").is_ok() {
        addresses.push("[::1]");
    }
    for address in addresses {
        let url = format!("http://{address}:{port}/health");
        let answer = http().get(url).send().await.unwrap().text().await.unwrap();
        assert_eq!(answer, "Healthy", "{address}");
    }
}

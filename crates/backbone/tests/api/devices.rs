//! Devices.

use serde_json::{Value, json};

use crate::common::{Identity, PASSWORD, Server, new_key, text};

async fn device_body(server: &Server, identity: &Identity) -> Value {
    json!({
        "devicePassword": PASSWORD,
        "signedChallenge": server.signed_challenge(&identity.key).await,
    })
}

#[tokio::test]
async fn a_second_device_is_made_with_the_identitys_key() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let body = device_body(&server, &ada).await;
    let created = ada.post("Devices", body).await.created();
    assert_eq!(created["createdByDevice"], ada.device);
    assert_eq!(created["isBackupDevice"], false);

    let mut body = device_body(&server, &ada).await;
    body["signedChallenge"] = server.signed_challenge(&new_key()).await;
    let reply = ada.post("Devices", body).await;
    assert_eq!(reply.error(), (400, "validation.device.invalidSignature"));
    let mut body = device_body(&server, &ada).await;
    body["devicePassword"] = json!("weak");
    let reply = ada.post("Devices", body).await;
    assert_eq!(reply.error(), (400, "validation.device.registrationFailed"));

    let all = ada.get("Devices").await.ok();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert!(all[0]["lastLogin"]["time"].is_string());
    assert!(all[1]["lastLogin"].is_null());
    let one = ada
        .get(&format!("Devices?ids={}", text(&created["id"])))
        .await
        .ok();
    assert_eq!(one, json!([all[1]]));
    let stranger = server.identity().await;
    let none = stranger
        .get(&format!("Devices?ids={}", ada.device))
        .await
        .ok();
    assert_eq!(none, json!([]));
}

#[tokio::test]
async fn there_is_one_backup_device_and_it_stops_being_one_when_it_logs_in() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let backup = async || {
        let mut body = device_body(&server, &ada).await;
        body["isBackupDevice"] = json!(true);
        ada.post("Devices", body).await
    };
    let first = backup().await.created();
    assert_eq!(first["isBackupDevice"], true);
    let second = backup().await;
    assert_eq!(
        second.error(),
        (400, "validation.device.onlyOneBackupDeviceCanExist")
    );
    server.token(&text(&first["username"]), PASSWORD).await;
    let device = ada
        .get(&format!("Devices?ids={}", text(&first["id"])))
        .await
        .ok();
    assert_eq!(device[0]["isBackupDevice"], false);
    backup().await.created();
}

#[tokio::test]
async fn a_device_changes_its_language_and_password() {
    let server = Server::start().await;
    let ada = server.identity().await;
    ada.put("Devices/Self", json!({"communicationLanguage": "it"}))
        .await
        .no_content();
    assert_eq!(
        ada.get("Devices/Self").await.ok()["communicationLanguage"],
        "it"
    );
    let wrong = ada
        .put("Devices/Self", json!({"communicationLanguage": "xyz"}))
        .await;
    assert_eq!(
        wrong.error(),
        (400, "validation.invalidDeviceCommunicationLanguage")
    );
    let message = "This language is not a valid two letter ISO language name.";
    assert_eq!(wrong.message(), message);

    let change = async |old: &str, new: &str| {
        let body = json!({"oldPassword": old, "newPassword": new});
        ada.put("Devices/Self/Password", body).await
    };
    let wrong = change("wrong", "Correct-horse-2").await;
    assert_eq!(
        wrong.error(),
        (400, "validation.device.changePasswordFailed")
    );
    assert_eq!(wrong.message(), "Incorrect password.");
    let weak = change(PASSWORD, "weak").await;
    assert_eq!(
        weak.error(),
        (400, "validation.device.changePasswordFailed")
    );
    change(PASSWORD, "Correct-horse-2").await.no_content();
    assert_eq!(server.login_as(&ada.username, PASSWORD).await.status, 400);
    assert_eq!(
        server
            .login_as(&ada.username, "Correct-horse-2")
            .await
            .status,
        200
    );
    // The token from before is still good.
    ada.get("Devices/Self").await.ok();
}

#[tokio::test]
async fn only_an_own_device_that_never_logged_in_can_be_deleted() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let body = device_body(&server, &ada).await;
    let id = text(&ada.post("Devices", body).await.created()["id"]);
    let delete =
        async |by: &Identity, id: &str| by.delete(&format!("Devices/{id}")).await.summary();
    assert_eq!(delete(&bob, &id).await, "400 deviceCannotBeDeleted");
    assert_eq!(delete(&ada, &ada.device).await, "400 deviceCannotBeDeleted");
    assert_eq!(delete(&ada, "DVCunknown").await, "404 recordNotFound");
    assert_eq!(delete(&ada, "RELunknown").await, "400 invalidPropertyValue");
    assert_eq!(delete(&ada, &id).await, "204");
    assert_eq!(delete(&ada, &id).await, "404 recordNotFound");
}

#[tokio::test]
async fn a_push_registration_keeps_its_identifier() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let path = "Devices/Self/PushNotifications";
    let body = json!({"platform": "dummy", "handle": "0123456789", "appId": "app"});
    let first = ada.put(path, body.clone()).await.ok();
    assert!(text(&first["devicePushIdentifier"]).starts_with("DPI"));
    assert_eq!(ada.put(path, body.clone()).await.ok(), first);
    for (property, value) in [("handle", "short"), ("appId", ""), ("platform", "pigeon")] {
        let mut body = body.clone();
        body[property] = json!(value);
        let reply = ada.put(path, body).await;
        assert_eq!(
            reply.error(),
            (400, "validation.invalidPropertyValue"),
            "{property}"
        );
    }
    ada.delete(path).await.no_content();
    ada.delete(path).await.no_content();
}

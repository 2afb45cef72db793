//! Own templates after they were made.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use flow_support::*;
use tessera_wallet::WalletError;

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_deleted_can_not_be_opened_and_what_came_of_it_stays() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, asks) = world.somebody("Ada").await;
    let (_grace_home, grace) = world.somebody("Grace").await;
    let new = template_of(&world, library_card());
    let template = library.create_template(new).await.unwrap();
    let request = load(&asks, &template).await;
    asks.accept(&request, &ada()).await.unwrap();
    asks.sync().await.unwrap();

    // Ada's answer is not fetched yet; deleting fetches it first.
    library.delete_template(&template.id).await.unwrap();
    let relationships = library.relationships().await.unwrap();
    assert_eq!(relationships[0].template_id, template.id);
    assert!(library.templates().await.unwrap().is_empty());
    let id = &relationships[0].id;
    library.accept_relationship(id).await.unwrap();
    let error = grace.load_template(&reference(&template), None).await;
    assert_eq!(error.unwrap_err(), WalletError::Gone);

    // Once more, and that of somebody else: there is nothing to delete.
    for wallet in [&library, &asks] {
        let error = wallet.delete_template(&template.id).await.unwrap_err();
        assert_eq!(error, WalletError::NotFound("template"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_nothing_is_deleted() {
    let world = World::new().await;
    let (_home, library) = world.somebody("City library").await;
    let new = template_of(&world, library_card());
    let template = library.create_template(new).await.unwrap();
    world.proxy.offline();
    assert!(library.delete_template(&template.id).await.is_err());
    assert_eq!(library.templates().await.unwrap().len(), 1);
    world.proxy.online();
    library.delete_template(&template.id).await.unwrap();
    assert!(library.templates().await.unwrap().is_empty());
}

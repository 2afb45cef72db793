//! Lists of several pages.

use tessera_backbone_api::client::{AnswerFault, ClientError};

use crate::server::{Answer, Server, answer};

fn page(indices: &[i64], number: u64, pages: u64, records: u64) -> Answer {
    let entries: Vec<String> = indices
        .iter()
        .map(|index| {
            format!(
                r#"{{"id":"DWMaaaaaaaaaaaaaaaaa","index":{index},"datawalletVersion":1,"objectIdentifier":"x","collection":"c","payloadCategory":null,"type":"Create","encryptedPayload":null,"createdAt":"2026-08-20T09:00:00.000Z","createdByDevice":"DVCaaaaaaaaaaaaaaaaa"}}"#
            )
        })
        .collect();
    let entries = entries.join(",");
    let pagination = if pages > 1 {
        format!(
            r#","pagination":{{"pageNumber":{number},"pageSize":200,"totalPages":{pages},"totalRecords":{records}}}"#
        )
    } else {
        String::new()
    };
    answer(200, format!(r#"{{"result":[{entries}]{pagination}}}"#))
}

async fn indices(server: &Server) -> Result<Vec<i64>, ClientError> {
    let list = server.device().datawallet_modifications(Some(4)).await?;
    Ok(list.iter().map(|entry| entry.index).collect())
}

#[tokio::test]
async fn a_list_without_pagination_is_all() {
    let server = Server::with([page(&[5, 6], 1, 1, 2)]).await;
    assert_eq!(indices(&server).await.unwrap(), [5, 6]);
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/api/v2/Datawallet/Modifications");
    assert_eq!(asked.query, "localIndex=4&pageSize=200");
    assert_eq!(asked.datawallet_version.as_deref(), Some("1"));
}

#[tokio::test]
async fn all_pages_are_collected() {
    let server = Server::with([
        page(&[5, 6], 1, 3, 5),
        page(&[7, 8], 2, 3, 5),
        page(&[9], 3, 3, 5),
    ])
    .await;
    assert_eq!(indices(&server).await.unwrap(), [5, 6, 7, 8, 9]);
    let queries: Vec<_> = server
        .asked()
        .into_iter()
        .map(|asked| asked.query)
        .collect();
    assert_eq!(
        queries,
        [
            "localIndex=4&pageSize=200",
            "localIndex=4&pageSize=200&pageNumber=2",
            "localIndex=4&pageSize=200&pageNumber=3"
        ]
    );
}

#[tokio::test]
async fn a_list_that_changed_is_read_from_its_beginning() {
    let server = Server::with([
        page(&[5, 6], 1, 2, 4),
        // Number 6 was compacted away, so 7 moved to the first page.
        page(&[8], 2, 2, 3),
        page(&[5, 7], 1, 2, 3),
        page(&[8], 2, 2, 3),
    ])
    .await;
    assert_eq!(indices(&server).await.unwrap(), [5, 7, 8]);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn a_list_that_never_stands_still_is_given_up() {
    let mut answers = Vec::new();
    for round in 0..50 {
        answers.push(page(&[5], 1, 2, 100 + round));
        answers.push(page(&[6], 2, 2, 200 + round));
    }
    let server = Server::with(answers).await;
    assert_eq!(
        indices(&server).await.unwrap_err(),
        ClientError::UnexpectedAnswer {
            what: AnswerFault::KeepsChanging
        }
    );
    assert_eq!(server.asked().len(), 10);
}

#[tokio::test]
async fn a_list_of_absurd_length_is_refused() {
    let server = Server::with([page(&[5], 1, u64::MAX, u64::MAX)]).await;
    assert_eq!(
        indices(&server).await.unwrap_err(),
        ClientError::UnexpectedAnswer {
            what: AnswerFault::TooLarge
        }
    );
    assert_eq!(server.asked().len(), 1);
}

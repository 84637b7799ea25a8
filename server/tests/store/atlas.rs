//! Imported columns of the atlas, the same on both databases.

use super::{NOW, open, operation};
use crate::support::Kind;
use rstest::rstest;
use server::store::{StoreError, StoredColumn};

fn contents<const N: usize>(contents: [&str; N]) -> Vec<String> {
    contents.map(str::to_owned).to_vec()
}

#[rstest]
#[tokio::test]
async fn columns_are_listed_in_the_order_in_which_they_were_imported(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    assert_eq!(store.list_columns().await.unwrap(), []);
    let ids = store.add_columns("a class", &contents(["{1}", "{ü}"]), 9, &operation(NOW)).await.unwrap();
    let last = store.add_columns("", &contents(["{3}"]), 9, &operation(NOW + 1)).await.unwrap();
    let stored = |id, name: &str, content: &str, imported_at| StoredColumn {
        id,
        name: name.into(),
        content: content.into(),
        imported_at,
    };
    assert_eq!(
        store.list_columns().await.unwrap(),
        [
            stored(ids[0], "a class", "{1}", NOW),
            stored(ids[1], "a class", "{ü}", NOW),
            stored(last[0], "", "{3}", NOW + 1)
        ]
    );
}

#[rstest]
#[tokio::test]
async fn a_removed_column_is_gone_and_its_id_is_not_given_again(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = store.add_columns("", &contents(["{}"]), 9, &operation(NOW)).await.unwrap()[0];
    assert!(store.remove_column(id, &operation(NOW)).await.unwrap());
    assert!(!store.remove_column(id, &operation(NOW)).await.unwrap(), "it was there once");
    assert_eq!(store.list_columns().await.unwrap(), []);
    assert_ne!(store.add_columns("", &contents(["{}"]), 9, &operation(NOW)).await.unwrap(), [id]);
}

#[rstest]
#[tokio::test]
async fn no_more_columns_are_kept_than_are_shown_and_then_none_of_a_file(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    store.add_columns("", &contents(["{1}", "{2}"]), 3, &operation(NOW)).await.unwrap();
    let refused = store.add_columns("", &contents(["{3}", "{4}"]), 3, &operation(NOW)).await;
    assert!(matches!(refused, Err(StoreError::Full)));
    assert_eq!(store.list_columns().await.unwrap().len(), 2);
    store.add_columns("", &contents(["{3}"]), 3, &operation(NOW)).await.unwrap();
}

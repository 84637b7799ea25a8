//! Every experiment: one file each, and one line here.

use super::{model::Experiment, procedure::Procedure};

/// Declares the modules and lists what is in them.
macro_rules! catalogue {
    ($($experiment:ident),+ $(,)?) => {
        $(mod $experiment;)+
        /// In the order in which they are best done.
        pub(crate) static CATALOGUE: &[Experiment] = &[$($experiment::EXPERIMENT),+];
        /// What each does, in the same order.
        static PROCEDURES: &[Procedure] = &[$($experiment::PROCEDURE),+];
    };
}

catalogue! {
    http_forgets,
    url_parameters,
    what_travels,
    what_cookies_cost,
    how_much_fits_in_a_cookie,
    how_many_cookies,
    how_much_fits_in_web_storage,
    everything_becomes_a_string,
    who_can_read_it,
    another_port,
    rules_of_set_cookie,
    tabs_and_windows,
    how_long_it_lives,
    close_the_browser,
    clear_site_data,
    storage_is_synchronous,
    one_quota_or_two,
    server_session,
    it_ends,
    sealed_cookie,
    hijack,
    script_injection,
    cross_site_request_forgery,
    session_fixation,
    password_hash,
    the_401_that_says_nothing,
    stolen_database,
}

/// The experiment of that name, and what it does.
pub(super) fn find(slug: &str) -> Option<(&'static Experiment, &'static Procedure)> {
    CATALOGUE.iter().zip(PROCEDURES).find(|(experiment, _)| experiment.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_experiment_is_whole() {
        for Experiment { slug, claims, about, choices, parameters, steps, in_general, sources, .. } in CATALOGUE {
            assert!(
                slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{slug}"
            );
            let parts = [claims.len(), about.len(), steps.len(), in_general.len(), sources.len()];
            assert!(!parts.contains(&0) && choices.len() > 1, "{slug}");
            for parameter in *parameters {
                assert!(parameter.takes(&parameter.at_first()), "{slug}: {}", parameter.name);
            }
        }
        let slugs: HashSet<_> = CATALOGUE.iter().map(|experiment| experiment.slug).collect();
        assert_eq!(slugs.len(), CATALOGUE.len());
    }
}

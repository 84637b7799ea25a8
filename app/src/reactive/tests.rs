use super::{Derived, State, Stored};
use leptos::prelude::Owner;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Runs a test under an owner, as all reactive state does.
fn owned<T>(test: impl FnOnce() -> T) -> T {
    Owner::new_root(None).with(test)
}

/// What follows from `state`, and how often that was computed.
fn doubled(state: State<u32>) -> (Derived<u32>, Arc<AtomicUsize>) {
    let computed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&computed);
    let doubled = Derived::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
        state.get() * 2
    });
    (doubled, computed)
}

fn times(count: &AtomicUsize) -> usize {
    count.load(Ordering::Relaxed)
}

#[test]
fn what_was_set_is_read() {
    owned(|| {
        let state = State::new("a".to_owned());
        state.set("b".to_owned());
        assert_eq!(*state.read(), "b");
        assert_eq!(state.get_untracked(), "b");
        assert_eq!(state.with(String::len), 1);
    });
}

#[test]
fn a_copy_is_the_same_state() {
    owned(|| {
        let state = State::new(vec![1]);
        let copy = state;
        copy.update(|all| all.push(2));
        assert_eq!(state.get(), [1, 2]);
    });
}

#[test]
fn a_set_wakes_who_has_read() {
    owned(|| {
        let state = State::new(1);
        let (doubled, computed) = doubled(state);
        assert_eq!(doubled.get(), 2);
        state.set(5);
        assert_eq!(doubled.get(), 10);
        state.update(|value| *value += 1);
        assert_eq!(doubled.get(), 12);
        assert_eq!(times(&computed), 3);
    });
}

#[test]
fn who_reads_untracked_is_not_woken() {
    owned(|| {
        let state = State::new(1);
        let copy = Derived::new(move || state.get_untracked() + state.with_untracked(|value| *value));
        assert_eq!(copy.get(), 2);
        state.set(5);
        assert_eq!(copy.get(), 2);
    });
}

#[test]
fn an_untracked_update_wakes_nobody_until_it_is_told() {
    owned(|| {
        let state = State::new(1);
        let (doubled, _) = doubled(state);
        assert_eq!(doubled.get(), 2);
        assert_eq!(state.try_update_untracked(|value| *value = 5), Some(()));
        assert_eq!((state.get(), doubled.get()), (5, 2));
        state.notify();
        assert_eq!(doubled.get(), 10);
    });
}

#[test]
fn a_value_is_computed_when_it_is_first_read_and_once() {
    owned(|| {
        let (doubled, computed) = doubled(State::new(1));
        assert_eq!(times(&computed), 0);
        assert_eq!((doubled.get(), *doubled.read(), doubled.with(|value| *value)), (2, 2, 2));
        assert_eq!(times(&computed), 1);
    });
}

#[test]
fn an_equal_value_wakes_nobody() {
    owned(|| {
        let state = State::new(1);
        let parity = Derived::new(move || state.get() % 2);
        let computed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&computed);
        let odd = Derived::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
            parity.get() == 1
        });
        assert!(odd.get());
        state.set(3);
        assert!(odd.get());
        assert_eq!(times(&computed), 1);
        state.set(4);
        assert!(!odd.get());
        assert_eq!(times(&computed), 2);
    });
}

#[test]
fn state_ends_with_its_owner() {
    let owner = Owner::new_root(None);
    let (state, stored) = owner.with(|| (State::new(1), Stored::new(1)));
    owner.with(|| assert!(!state.is_disposed()));
    owner.cleanup();
    owner.with(|| {
        assert!(state.is_disposed());
        state.set(2);
        state.update(|value| *value = 3);
        assert_eq!(state.try_set(4), Some(4));
        assert_eq!(state.try_update(|value| *value), None);
        assert_eq!(state.try_get_untracked(), None);
        stored.set_value(2);
        assert_eq!(stored.try_update_value(|value| *value), None);
        assert_eq!(stored.try_get_value(), None);
    });
}

#[test]
fn what_is_stored_wakes_nobody() {
    owned(|| {
        let stored = Stored::new(1);
        let copy = Derived::new(move || stored.get_value());
        assert_eq!(copy.get(), 1);
        stored.set_value(2);
        stored.update_value(|value| *value += 1);
        assert_eq!((stored.get_value(), copy.get()), (3, 1));
    });
}

#[test]
fn a_value_is_dropped_when_it_is_replaced_and_when_its_owner_ends() {
    let owner = Owner::new_root(None);
    let (first, second) = (Arc::new(()), Arc::new(()));
    owner.with(|| {
        let state = State::new(Arc::clone(&first));
        state.set(Arc::clone(&second));
    });
    assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (1, 2));
    owner.cleanup();
    assert_eq!(Arc::strong_count(&second), 1);
}

//! The claims that the experiments try, in the words of the notes that this lab grew from.

/// A claim about the web that can be tried.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// What tests and the table in `docs/EXPERIMENTS.md` call it.
    pub id: &'static str,
    /// As the notes say it.
    pub text: &'static str,
}

macro_rules! claims {
    ($($id:ident $text:literal)+) => {
        $(
            #[doc = $text]
            pub(crate) const $id: &Claim = &Claim { id: stringify!($id), text: $text };
        )+
        /// All of them, in their order.
        pub(crate) const CLAIMS: &[&Claim] = &[$($id),+];
    };
}

claims! {
    C1 "Cookies are only stored on the client-side machine, while sessions get stored on the client as well as a server."
    C2 "Cookies, sessionStorage and localStorage differ in capacity, in where they are accessible from, in when they expire, in where they are stored and in whether they are sent with requests."
    C3 "Cookies are sent with requests, which is why their capacity is so small; otherwise it slows down the whole process."
    C4 "A session keeps registered variables and their values on the server. This data is available to all pages on the site during that visit."
    C5 "A session ends when the user closes the browser or after leaving the site; the server will terminate the session after a predetermined period of time, commonly 30 minutes."
    C6 "Because HTTP is stateless, in order to associate a request to any other request, you need a way to store user data between HTTP requests."
    C7 "Cookies or URL parameters (for example http://example.com/myPage?asd=lol&boo=no) are both suitable ways to transport data between two or more requests. However, they are not good in case you don’t want that data to be readable and editable on the client side."
    C8 "The solution is to store that data on the server side, give it an id, and let the client only know, and pass back at every HTTP request, that id."
    C9 "Or you can use the client as a convenient remote storage, but you would encrypt the data and keep the secret server-side."
    C10 "You don’t want people to hijack others’ sessions, and you want sessions to not last forever but to expire."
    C11 "The user id is stored in the session data, on the server. For every HTTP request the session id given by the client points you to the correct session data, which contains the authenticated user id: that way your code knows what user it is talking to."
    L1 "Before anything else, the user has to sign up. The client posts an HTTP request to the server containing their username and password."
    L2 "The server hashes the password before storing the username and password in the database. This way, if someone gains access to your database they won’t see your users’ actual passwords."
    L3 "Now the user logs in. They provide their username and password, and again this is posted as an HTTP request to the server."
    L4 "The server looks up the username in the database, hashes the supplied password and compares it to the previously hashed password. If it doesn’t check out, we deny them access by sending a 401 status code and ending the request."
    L5 "If everything checks out, we create an access token, which uniquely identifies the user’s session. We store it in the database, associated with that user, and attach it to a response cookie with an expiration date. Henceforth the cookie is attached to every request made between client and server."
    L6 "Every time the client makes a request for a page that requires authorization, the server obtains the access token from the cookie and checks it against the one in the database associated with that user. If it checks out, access is granted."
}

// The dock: a tab at the edge of an app's page.

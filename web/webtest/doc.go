// Package webtest opens a real browser for the tests of pages: Chromium, at a phone's width, with Chinese letters.
// It is for tests alone, and knows nothing of the pages. The tests of a package share one Chromium; each has a tab that shares
// nothing with the others.
//
//	func TestMain(m *testing.M) { os.Exit(webtest.Tests{M: m}.Run()) }
//
//	tab := webtest.Open(t)
//	webtest.Run(t, tab, chromedp.Navigate(base+"/login"), chromedp.WaitVisible(chromedp.CSS("#f-login")))
//	title := webtest.Tell[string](t, tab, "document.title")
package webtest

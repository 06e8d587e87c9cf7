package till_test

import (
	"os"
	"testing"

	"fund/web/webtest"
)

// The browser tests of this package share one Chromium.
func TestMain(m *testing.M) { os.Exit(webtest.Tests{M: m}.Run()) }

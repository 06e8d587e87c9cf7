package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"fund/migrations/pgtest"
	"fund/web/webtest"
)

// The test binary is fund when it is called so: the scripts run the real program.
func TestMain(m *testing.M) {
	testscript.Main(webtest.Tests{M: m}, map[string]func(){"fund": main})
}

// Each script has a data directory of its own, $FUND_DATA, and a free address, $ADDR.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			dir := pgtest.Dir(t)
			e.Setenv("FUND_DATA", filepath.Join(dir, "data"))
			e.Setenv("DEMO", filepath.Join(dir, "demo"))
			e.Setenv("FUND_PG_BIN", os.Getenv("FUND_PG_BIN"))
			e.Setenv("LANG", "C.UTF-8")
			for _, name := range []string{"ADDR", "ADDR2"} {
				addr, err := freeAddr()
				if err != nil {
					return err
				}
				e.Setenv(name, addr)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"answers":  answers,
			"evidence": func(ts *testscript.TestScript, _ bool, _ []string) { evidence(t, ts) },
			"damage":   func(ts *testscript.TestScript, _ bool, args []string) { damage(ts, args) },
			"known":    func(ts *testscript.TestScript, _ bool, args []string) { knownWitness(ts, args) },
		},
	})
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// answers waits until an address answers 200: `answers http://$ADDR/readyz`.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if response, err := http.Get(args[0]); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
	}
	ts.Fatalf("%s does not answer", args[0])
}

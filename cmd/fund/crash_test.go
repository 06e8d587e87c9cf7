package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"fund/cmd/fund/bench"
)

// Every acknowledged donation survives 30 kills of the server, of PostgreSQL, and of both.
func TestCrash(t *testing.T) {
	t.Parallel()
	said := crash(t, bench.CrashOptions{Rounds: 30, Clients: 64, Victim: "mixed"})
	if !strings.Contains(said, "is stored exactly once") {
		t.Error("it did not say what it proved")
	}
}

// The same harness sees the loss where there is one: a PostgreSQL that acknowledges before it has written.
func TestCrashHarnessSeesALoss(t *testing.T) {
	t.Parallel()
	said := crash(t, bench.CrashOptions{Rounds: 4, Clients: 64, Victim: "postgres", Unsafe: true})
	if !strings.Contains(said, "the harness can see a loss") {
		t.Error("it did not say what it saw")
	}
}

// Two tills hand in their queues while the server, PostgreSQL, and both are killed: each sale is booked once, under the
// one number its till was told.
func TestCrashOfTills(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("fund")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = bench.CrashSales(t.Context(), &out, bench.CrashOptions{Rounds: 6, Clients: 2, Victim: "mixed", Program: program})
	t.Logf("%s", out.String())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "under the number its till was told") {
		t.Error("it did not say what it proved")
	}
}

// crash runs a campaign of kills on the real program: the test binary, which TestMain has put into the PATH.
func crash(t *testing.T, o bench.CrashOptions) (said string) {
	t.Helper()
	program, err := exec.LookPath("fund")
	if err != nil {
		t.Fatal(err)
	}
	o.Program = program
	var out bytes.Buffer
	err = bench.Crash(t.Context(), &out, o)
	t.Logf("%s", out.String())
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

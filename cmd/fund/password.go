package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// choosePassword reads the password from a file, asks for it twice on a terminal, or makes one up where there is neither.
func choosePassword(ctx context.Context, file string) (password string, madeUp bool, err error) {
	terminal := int(os.Stdin.Fd())
	switch {
	case file != "":
		text, err := readable(file)
		return strings.TrimRight(text, "\r\n"), false, err
	case !term.IsTerminal(terminal):
		return strings.ToLower(rand.Text()[:16]), true, nil // 80 random bits, in letters and digits that read aloud
	}
	if password, err = askHidden(ctx, terminal, "Password 密码："); err != nil {
		return "", false, err
	}
	again, err := askHidden(ctx, terminal, "Again 再输一次：")
	if err == nil && again != password {
		err = failed("The two are not the same. Nothing was changed.", "两次输入的不一样，什么都没有改。")
	}
	return password, false, err
}

// askHidden reads a line that the terminal does not show, and gives the terminal back as it was on Ctrl-C.
func askHidden(ctx context.Context, terminal int, question string) (string, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	fmt.Fprint(os.Stderr, question)
	defer fmt.Fprintln(os.Stderr)
	type answer struct {
		line []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(terminal)
		answered <- answer{line, err}
	}()
	select {
	case a := <-answered:
		return string(a.line), a.err
	case <-ctx.Done():
		_ = term.Restore(terminal, before)
		return "", ctx.Err()
	}
}

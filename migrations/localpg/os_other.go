//go:build !linux

package localpg

import "os/exec"

const locale = "C"

// dieWithParent can do nothing here: the next Start stops a server that was
// left behind.
func dieWithParent(*exec.Cmd) {}

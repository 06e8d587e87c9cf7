//go:build !linux

package localpg

import (
	"os"
	"os/exec"
)

const locale = "C"

// dieWithParent can do nothing here: the next Start stops a server that was
// left behind.
func dieWithParent(*exec.Cmd) {}

// killTree leaves the children to notice that their parent is gone.
func killTree(p *os.Process) { _ = p.Kill() }

package localpg

import (
	"os/exec"
	"syscall"
)

const locale = "C.UTF-8"

// dieWithParent has the kernel ask the child for a fast shutdown when we are
// gone, however we went.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGINT }

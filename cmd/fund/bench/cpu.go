package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// spent is the processor time that each party has used so far (Linux only, else zero).
type spent struct{ server, postgres, client time.Duration }

func (s spent) since(earlier spent) spent {
	return spent{s.server - earlier.server, s.postgres - earlier.postgres, s.client - earlier.client}
}

// each writes the time per donation.
func (s spent) each(n int) string {
	n = max(n, 1)
	per := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
	return fmt.Sprintf("processor time each: server %v, postgres %v, client %v", per(s.server), per(s.postgres), per(s.client))
}

func (r *rig) spent() (s spent) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(text), ") ") // the name before it may contain spaces
		fields := strings.Fields(rest)
		if len(fields) < 13 {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		parent, _ := strconv.Atoi(fields[1])
		switch {
		case pid == r.server.Process.Pid:
			s.server += ticks(fields)
		case pid == os.Getpid():
			s.client += ticks(fields)
		case parent == r.postmaster():
			s.postgres += ticks(fields)
		}
	}
	return s
}

// ticks are the user and system time of a /proc stat line, in hundredths of a second.
func ticks(fields []string) time.Duration {
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// postmaster is the id of the scratch PostgreSQL's first process.
func (r *rig) postmaster() int {
	found, _ := filepath.Glob(filepath.Join(r.dir, "data", "pg*", "postmaster.pid"))
	if len(found) == 0 {
		return -1
	}
	text, _ := os.ReadFile(found[0])
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

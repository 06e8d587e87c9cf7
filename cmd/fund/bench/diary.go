package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"
)

// diary is the clients' own memory of what they sent and what was acknowledged:
// a file in which each line is on disk before its writer goes on. The lines of
// clients that write at once share one fsync.
type diary struct {
	file  *os.File
	lines chan diaryLine
	done  chan error
}

type diaryLine struct {
	text    string
	written chan error
}

// What a line says of a donation.
const (
	sent  = "sent"
	acked = "acked"
)

func openDiary(path string) (*diary, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	d := &diary{file, make(chan diaryLine, 1024), make(chan error, 1)}
	go func() { d.done <- d.keep() }()
	return d, nil
}

// note returns when the line is on disk.
func (d *diary) note(what string, donation uuid.UUID) error {
	line := diaryLine{fmt.Sprintln(what, donation), make(chan error, 1)}
	d.lines <- line
	return <-line.written
}

func (d *diary) keep() error {
	for first := range d.lines {
		together := []diaryLine{first}
		text := first.text
		for range len(d.lines) {
			line := <-d.lines
			together, text = append(together, line), text+line.text
		}
		_, err := d.file.WriteString(text)
		if err == nil {
			err = d.file.Sync()
		}
		for _, line := range together {
			line.written <- err
		}
	}
	return d.file.Close()
}

func (d *diary) close() error {
	close(d.lines)
	return <-d.done
}

// read gives the donations that a line of this kind tells of, each once, in the order of the lines.
func (d *diary) read(what string) (ids []uuid.UUID, err error) {
	file, err := os.Open(d.file.Name())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	seen := map[uuid.UUID]bool{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		said, text, _ := strings.Cut(lines.Text(), " ")
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("bench: the diary says %q: %w", lines.Text(), err)
		}
		if said == what && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, errors.Join(lines.Err())
}

package main

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// terminalWidth counts a Chinese character as two columns, and a line of the box as one.
var terminalWidth = runewidth.Condition{EastAsianWidth: false}

func columns(s string) int { return terminalWidth.StringWidth(s) }

// boxed draws lines in a box with a title in its upper edge.
func boxed(title string, lines []string) string {
	width := columns(title) + 2
	for _, line := range lines {
		width = max(width, columns(line))
	}
	var b strings.Builder
	b.WriteString("┌─ " + title + " " + strings.Repeat("─", width-columns(title)-1) + "┐\n")
	for _, line := range lines {
		b.WriteString("│ " + line + strings.Repeat(" ", width-columns(line)) + " │\n")
	}
	b.WriteString("└" + strings.Repeat("─", width+2) + "┘\n")
	return b.String()
}

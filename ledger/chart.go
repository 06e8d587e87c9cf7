package ledger

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed charts/*.tsv
var charts embed.FS

// Standards lists the accounting standards whose charts of accounts are
// built in: a file per standard and year under charts/.
func Standards() []string {
	files, _ := fs.Glob(charts, "charts/*.tsv")
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(file, "charts/"), ".tsv")
	}
	slices.Sort(files)
	return files
}

// Chart gives the accounts of a standard, numbered from 1 in the file's order.
// It returns ErrNotFound for a standard that is not built in.
func Chart(standard string) ([]Account, error) {
	text, err := charts.ReadFile("charts/" + standard + ".tsv")
	if err != nil {
		return nil, fmt.Errorf("ledger.Chart(%q): %w: built in are %s", standard, ErrNotFound, strings.Join(Standards(), ", "))
	}
	var accounts []Account
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(cells) != 5 {
			continue
		}
		accounts = append(accounts, Account{
			ID: len(accounts) + 1, Code: cells[0], Type: AccountType(cells[1]),
			Purpose: Purpose(strings.TrimPrefix(cells[2], "-")), NameZH: cells[3], NameEN: cells[4],
		})
	}
	return accounts, nil
}

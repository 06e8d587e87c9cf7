package statement

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Some banks' .xls files are web pages with a table, or the XML that
// spreadsheets wrote in 2003. Both are rows of cells in tags.
var tableMarks = []string{"<TABLE", "URN:SCHEMAS-MICROSOFT-COM:OFFICE:SPREADSHEET"}

func isTagged(data []byte) bool {
	head := bytes.ToUpper(data[:min(len(data), 16<<10)])
	for _, mark := range tableMarks {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// parseTagged reads the rows in the order of the page; a row's number is its
// place among the rows.
func parseTagged(text string, options Options) ([]Statement, error) {
	var rows [][]string
	var cells []string
	var cell *strings.Builder
	flush := func() {
		if cell != nil {
			cells = append(cells, strings.TrimSpace(strings.ReplaceAll(cell.String(), "\u00a0", " ")))
			cell = nil
		}
	}
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.TextToken && cell != nil {
			cell.Write(z.Text())
			continue
		}
		name, attributes := z.TagName()
		tag := strings.TrimPrefix(string(name), "ss:")
		open := kind == html.StartTagToken || kind == html.SelfClosingTagToken
		switch tag {
		case "tr", "row":
			flush()
			if !open || len(cells) > 0 {
				rows, cells = append(rows, cells), nil
			}
		case "td", "th", "cell":
			flush()
			if open {
				cell = &strings.Builder{}
				for len(cells) < cellIndex(z, attributes) {
					cells = append(cells, "")
				}
			}
		}
		if len(rows) > linesMax {
			return nil, &Error{Row: len(rows), Text: say("文件超过 %d 行，请分段导出", "the file has more than %d lines, export it in parts", linesMax)}
		}
	}
	if flush(); len(cells) > 0 {
		rows = append(rows, cells)
	}
	t := &table{sheet: true, from: 1900, rowLast: len(rows), each: func(visit func(row) error) error {
		for n, cells := range rows {
			if err := visit(row{n + 1, cells}); err != nil {
				return err
			}
		}
		return nil
	}}
	return readSheets([]*table{t}, options)
}

// cellIndex is how many cells stand before one that names its place.
func cellIndex(z *html.Tokenizer, more bool) int {
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if string(key) == "ss:index" {
			if n, err := strconv.Atoi(string(value)); err == nil && n > 0 && n <= 256 {
				return n - 1
			}
		}
	}
	return 0
}

// gunzip unpacks a bill as the payment platforms' interfaces send it.
func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, SizeMax+1))
}

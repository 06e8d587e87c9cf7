package statement

import (
	"archive/zip"
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

// xmlMax is how much of one sheet is held in memory while it is unpacked; a
// larger sheet goes through a temporary file.
const xmlMax = 16 << 20

// rowBytes is about the smallest row of a sheet, to guess how many there are.
const rowBytes = 150

// parseXLSX reads every sheet that has a header we know. Numbers are read raw,
// as they are stored, not as they are shown.
func parseXLSX(data []byte, archive *zip.Reader, options Options) (_ []Statement, err error) {
	for _, f := range archive.File {
		if f.UncompressedSize64 > xmlMax && !strings.HasPrefix(f.Name, "xl/worksheets/") && f.Name != "xl/sharedStrings.xml" {
			return nil, &Error{Text: say("表格里的 %s 太大", "%s in the workbook is too large", f.Name)}
		}
	}
	damaged := &Error{Row: 1, Text: say("表格文件已损坏", "the workbook is damaged")}
	defer func() {
		if recover() != nil { // excelize trusts the files it opens
			err = damaged
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: unzippedMax, UnzipXMLSizeLimit: xmlMax,
	})
	if err != nil {
		return nil, damaged
	}
	defer book.Close()
	from := 1900
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		from = 1904
	}
	var largest uint64
	for _, f := range archive.File {
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			largest = max(largest, f.UncompressedSize64)
		}
	}
	var sheets []*table
	for _, name := range book.GetSheetList() {
		sheets = append(sheets, &table{name: name, sheet: true, from: from, rowLast: int(largest / rowBytes), each: func(visit func(row) error) error {
			rows, err := book.Rows(name)
			if err != nil {
				return nil // a chart sheet has no rows
			}
			defer rows.Close()
			for n := 1; rows.Next(); n++ {
				cells, err := rows.Columns(excelize.Options{RawCellValue: true})
				if err != nil {
					return &Error{Row: n, Text: say("这一行已损坏", "the row is damaged")}
				}
				if err := visit(row{n, cells}); err != nil {
					return err
				}
			}
			if rows.Error() != nil {
				return damaged
			}
			return nil
		}})
	}
	return readSheets(sheets, options)
}

// readSheets reads the sheets of a workbook; sheets without a header that we
// know are notes.
func readSheets(sheets []*table, options Options) ([]Statement, error) {
	var all []Statement
	for _, t := range sheets {
		h, err := findHeader(t, options)
		if err != nil {
			return nil, err
		}
		if h == nil {
			continue
		}
		found, err := h.read(t, options)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		return nil, unknown(1)
	}
	return all, nil
}

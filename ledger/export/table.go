package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"fund/ledger/report"
)

// TableJSON writes a statement as JSON with names that stay as they are:
//
//	{"statement": "balance-sheet", "form": "会民非01表", "title": {"zh": …, "en": …}, "community": "angong",
//	 "community_name": {"zh": …, "en": …}, "currency": "CNY", "from": "2017-01-01", "to": "2017-12-31", "of": {…},
//	 "prepared_at": "2026-11-23T08:00:00Z", "entries": 2186, "balanced": true,
//	 "columns": [{"key": "opening", "kind": "amount", "group": {…}, "title": {…}}, …],
//	 "rows": [{"key": "cash", "kind": "line", "depth": 1, "cells": {"item": {"zh": …, "en": …}, "opening": "1234.50"}}, …],
//	 "notes": [{…}], "next": "after=…"}
//
// Amounts are decimal strings, signed; an empty cell is left out. Words that read the same in both languages are a string.
// of, group, form, balanced and next are left out where there is none. entries is how many were posted by then.
func TableJSON(w io.Writer, t report.Table, prepared time.Time) error {
	return writeJSON(w, TableOf(t, prepared))
}

// TableOf is a statement as TableJSON writes it.
func TableOf(t report.Table, prepared time.Time) TableDoc {
	doc := TableDoc{
		Statement: t.Key, Form: t.Form, Title: t.Title, Community: t.Community.Slug,
		CommunityName: report.Words{ZH: t.Community.NameZH, EN: t.Community.NameEN}, Currency: t.Community.Currency,
		From: t.From.Format(time.DateOnly), To: t.To.Format(time.DateOnly), Of: told(t.Of),
		PreparedAt: prepared.UTC().Format(time.RFC3339), Entries: t.PreparedFrom, Balanced: t.Balanced, Notes: t.Notes, Columns: []ColumnDoc{}, Rows: []RowDoc{},
	}
	if t.Next != nil {
		doc.Next = t.Next.Values().Encode()
	}
	for _, c := range t.Columns {
		doc.Columns = append(doc.Columns, ColumnDoc{c.Key, c.Kind, told(c.Group), c.Title})
	}
	for _, r := range t.Rows {
		row := RowDoc{r.Key, r.Kind, r.Depth, map[string]any{}}
		for i, cell := range r.Cells {
			switch {
			case cell.Amount != nil:
				row.Cells[t.Columns[i].Key] = cell.Amount.String()
			case !cell.Blank():
				row.Cells[t.Columns[i].Key] = told(cell.Words)
			}
		}
		doc.Rows = append(doc.Rows, row)
	}
	return doc
}

func writeJSON(w io.Writer, doc TableDoc) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(doc)
}

// TableDoc is a statement as JSON has it; see TableJSON.
type TableDoc struct {
	Statement     string         `json:"statement"`
	Form          string         `json:"form,omitempty"`
	Title         report.Words   `json:"title"`
	Community     string         `json:"community"`
	CommunityName report.Words   `json:"community_name"`
	Currency      string         `json:"currency"`
	From          string         `json:"from"`
	To            string         `json:"to"`
	Of            any            `json:"of,omitempty"`
	PreparedAt    string         `json:"prepared_at"`
	Entries       int64          `json:"entries"`
	Balanced      *bool          `json:"balanced,omitempty"`
	Columns       []ColumnDoc    `json:"columns"`
	Rows          []RowDoc       `json:"rows"`
	Notes         []report.Words `json:"notes,omitempty"`
	Next          string         `json:"next,omitempty"`
}

// ColumnDoc is a column of a TableDoc.
type ColumnDoc struct {
	Key   string            `json:"key"`
	Kind  report.ColumnKind `json:"kind"`
	Group any               `json:"group,omitempty"`
	Title report.Words      `json:"title"`
}

// RowDoc is a row of a TableDoc: a cell for each column that has something in it, by the column's key.
type RowDoc struct {
	Key   string         `json:"key"`
	Kind  report.Kind    `json:"kind"`
	Depth int            `json:"depth"`
	Cells map[string]any `json:"cells"`
}

// told is words as JSON has them: nothing, one string, or both languages.
func told(w report.Words) any {
	switch {
	case w == report.Words{}:
		return nil
	case w.ZH == w.EN:
		return w.ZH
	}
	return w
}

// TableXLSX writes a statement as a workbook of one sheet in a language: title, community, period and moment on top, then headings that
// stay in view, then numbers that a spreadsheet adds up.
func TableXLSX(w io.Writer, t report.Table, lang string, prepared time.Time) error {
	s := &tableSheet{file: excelize.NewFile(), t: t, lang: tableLang(lang), prepared: prepared}
	defer s.file.Close()
	if err := s.draw(); err != nil {
		return err
	}
	return s.file.Write(w)
}

// TableCSV writes a statement as a table for any program, headings first. It begins with the mark by which Excel knows UTF-8.
func TableCSV(w io.Writer, t report.Table, lang string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	rows := csv.NewWriter(w)
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = strings.TrimSpace(c.Group.In(lang) + " " + c.Title.In(lang))
	}
	if err := rows.Write(record); err != nil {
		return err
	}
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			record[i] = Inert(c.Words.In(lang))
			if c.Amount != nil {
				record[i] = c.Amount.String()
			}
		}
		if err := rows.Write(record); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}

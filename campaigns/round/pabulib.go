package round

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"fund/ledger/money"
)

// File is a counted round as anybody may have it.
type File struct {
	Country, Unit string // China; Angong Community
	Round         Round
	Tally         Tally
	Ballots       []Ballot
}

// pabulibDay is how the format writes days.
const pabulibDay = "02.01.2006"

// WritePabulib writes a counted round in the Pabulib format (pabulib.org/format):
// three sections of lines separated by semicolons. A ballot is the numbers of its
// ideas; both ways to choose are approval ballots there, bounded by length or by
// cost. It has no household, no code, no time.
func (f File) WritePabulib(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	_ = out.Write([]string{"META"}) // errors stay with the writer: out.Error tells them at the end
	for _, line := range f.meta() {
		_ = out.Write(line)
	}
	_ = out.WriteAll([][]string{{"PROJECTS"}, {"project_id", "cost", "votes", "name", "selected"}})
	for _, l := range f.Tally.Lines {
		_ = out.Write([]string{strconv.Itoa(l.Number), plain(l.Cost), strconv.Itoa(l.Votes), oneLine(l.Title), digit(l.Selected)})
	}
	_ = out.WriteAll([][]string{{"VOTES"}, {"voter_id", "voting_method", "vote"}})
	for _, b := range f.Ballots {
		ideas := make([]string, len(b.Ideas))
		for i, number := range b.Ideas {
			ideas[i] = strconv.FormatInt(number, 10)
		}
		_ = out.Write([]string{strconv.Itoa(b.Number), string(b.Way), strings.Join(ideas, ",")})
	}
	out.Flush()
	return out.Error()
}

func (f File) meta() [][]string {
	r, t := f.Round, f.Tally
	lines := [][]string{
		{"key", "value"},
		{"description", oneLine(r.TitleZH)},
		{"country", oneLine(f.Country)},
		{"unit", oneLine(f.Unit)},
		{"instance", strconv.Itoa(r.Year)},
		{"num_projects", strconv.Itoa(len(t.Lines))},
		{"num_votes", strconv.Itoa(t.Ballots)},
		{"budget", plain(t.Pot)},
		{"vote_type", "approval"},
		{"rule", rule(t)},
		{"date_begin", r.VoteFrom.Format(pabulibDay)},
		{"date_end", r.VoteUntil.Format(pabulibDay)},
		{"min_length", "1"},
	}
	if t.Method == Approval {
		lines = append(lines, []string{"max_length", strconv.Itoa(t.ChoicesMax)})
	} else {
		lines = append(lines, []string{"max_length", strconv.Itoa(len(t.Lines))}, []string{"max_sum_cost", plain(t.Pot)})
	}
	comment := "#1: By votes; at a tie the lower cost, then the lower project_id; a project that no longer fits into the budget is passed over."
	if t.SupportMin > 0 {
		lines = append(lines, []string{"min_project_score_threshold", strconv.Itoa(t.SupportMin)})
		comment += " #2: A project with fewer votes than min_project_score_threshold is not selected."
	}
	return append(lines, []string{"language", "zh"}, []string{"currency", "CNY"}, []string{"comment", comment})
}

// rule is the format's name for how the projects were selected.
func rule(t Tally) string {
	if t.SupportMin > 0 {
		return "greedy-threshold"
	}
	return "greedy"
}

// plain writes whole yuan without a point: 1200, 1200.50.
func plain(a money.Amount) string { return strings.TrimSuffix(a.String(), ".00") }

func digit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// oneLine keeps words within their line: many readers of the format split at every semicolon and line end.
func oneLine(s string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", ";", "；", `"`, "”").Replace(s)
}

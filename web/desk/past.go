package desk

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/organisation"
	"fund/campaigns/pastfile"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/upload"
	"fund/web/page"
)

const (
	pastPath  = "/desk/past"
	pastShown = 12 // rows of each sheet in the preview
)

// pastView is the form that takes a workbook of the past, and what is in the one it was given.
type pastView struct {
	*page.Form
	upload.Waiting
	Megabytes int
	Sheets    []string
	Plan      pastfile.Plan
	Problems  []pastfile.Problem
	Refused   bool // the records moved on between the preview and the import
}

func pastForm(f *page.Form) pastView {
	return pastView{Form: labelled(f, "past.field", "file"), Megabytes: statementMax >> 20, Sheets: pastfile.Sheets()}
}

// PastForm takes a workbook of the past.
func (p *Pages) PastForm(c *fiber.Ctx) error {
	return page.Render(c, "desk/past", pastForm(page.BlankForm(c)))
}

// UploadPast keeps a workbook for an hour and shows what is in it. Nothing is written yet.
func (p *Pages) UploadPast(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	v := pastForm(page.ReadForm(c))
	file := v.File(c, "file")
	if file != nil && file.Size > statementMax {
		v.Wrong("file", "statement.wrong.large", "max", statementMax>>20)
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/past", v)
	}
	u, err := uploaded(file, p.Now())
	if err != nil {
		return err
	}
	u.Purpose = upload.Past
	err = p.act(c, "past.upload", "file:"+u.Name, nil, func(tx *sqlx.Tx, who string) (err error) {
		u.By = who
		u, err = upload.Keep(ctx, tx, page.Of(c).Community.ID, u)
		return err
	})
	if err != nil {
		return err
	}
	return c.Redirect(page.Of(c).URL(pastPath+"/"+u.ID.String()), fiber.StatusSeeOther)
}

// PastPreview shows what a workbook would write, or what has to be mended in it.
func (p *Pages) PastPreview(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	v, err := p.pastHere(ctx, c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/past_preview", v)
}

// pastHere holds the workbook of an address against the records.
func (p *Pages) pastHere(ctx context.Context, c *fiber.Ctx, f *page.Form) (v pastView, err error) {
	v = pastForm(f)
	community, err := p.community(c)
	if err != nil {
		return v, err
	}
	id, err := uuid.Parse(c.Params("upload"))
	if err != nil {
		return v, page.ErrNotFound
	}
	if v.Waiting, err = upload.Find(ctx, p.DB, community.ID, upload.Past, id, p.Now()); err != nil {
		return v, err
	}
	file, unread := pastfile.Read(v.Name, v.Data)
	plan, unfit, err := pastfile.Prepare(ctx, p.DB, community, file, community.Day(p.Now()))
	v.Plan, v.Problems = plan, pastfile.InOrder(slices.Concat(unread, unfit))
	return v, err
}

// ImportPast writes what the preview showed: all of it, or nothing.
func (p *Pages) ImportPast(c *fiber.Ctx) error {
	ctx, cancel := patient(c)
	defer cancel()
	v, err := p.pastHere(ctx, c, page.ReadForm(c))
	if err != nil {
		return err
	}
	if len(v.Problems) > 0 {
		return page.RenderStatus(c, fiber.StatusConflict, "desk/past_preview", v)
	}
	var made pastfile.Done
	err = p.act(c, "past.import", "file:"+v.Name, map[string]any{"rows": v.Plan.New(), "known": v.Plan.Known}, func(tx *sqlx.Tx, who string) (err error) {
		if made, err = v.Plan.Write(ctx, tx, who, p.Now()); err != nil {
			return err
		}
		return upload.Drop(ctx, tx, page.Of(c).Community.ID, v.ID)
	})
	if pastMovedOn(err) {
		v.Refused = true
		return page.RenderStatus(c, fiber.StatusConflict, "desk/past_preview", v)
	}
	if made.Written() == 0 {
		return p.posted(c, err, groupsPath, "past.nothing", "count", made.Known)
	}
	return p.posted(c, err, groupsPath, "past.done", "count", made.Written(), "known", made.Known)
}

// pastMovedOn tells whether somebody wrote the same meanwhile.
func pastMovedOn(err error) bool {
	return slices.ContainsFunc([]error{organisation.ErrExists, organisation.ErrTwice, project.ErrExists, ledger.ErrExists}, func(one error) bool { return errors.Is(err, one) })
}

// EmptyPast is a workbook to be filled in, or a table of one sheet.
func (p *Pages) EmptyPast(c *fiber.Ctx) error {
	lang, name, kind := string(page.Of(c).Lang), c.Params("name"), xlsxType
	var w bytes.Buffer
	if sheet, csv := strings.CutSuffix(name, ".csv"); csv {
		if known, err := pastfile.EmptyCSV(&w, sheet, lang); err != nil {
			return err
		} else if !known {
			return page.ErrNotFound
		}
		name, kind = page.Of(c).T("past.sheet."+sheet)+".csv", "text/csv; charset=utf-8"
	} else if name != "past.xlsx" {
		return page.ErrNotFound
	} else if err := pastfile.EmptyXLSX(&w, lang); err != nil {
		return err
	} else {
		name = page.Of(c).T("past.file") + ".xlsx"
	}
	c.Attachment(name)
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(w.Bytes())
}

// More is how many rows beyond those shown a sheet has.
func (v pastView) More(n int) int { return max(0, n-pastShown) }

// Projects, Outcomes, Groups and Activities are the first rows of each sheet.
func (v pastView) Projects() []pastfile.ProjectRow { return firstRows(v.Plan.Projects) }

// Outcomes are the first rows of their sheet.
func (v pastView) Outcomes() []pastfile.OutcomeRow { return firstRows(v.Plan.Outcomes) }

// Groups are the first rows of their sheet.
func (v pastView) Groups() []pastfile.GroupRow { return firstRows(v.Plan.Groups) }

// Activities are the first rows of their sheet.
func (v pastView) Activities() []pastfile.ActivityRow { return firstRows(v.Plan.Activities) }

func firstRows[T any](all []T) []T { return all[:min(len(all), pastShown)] }

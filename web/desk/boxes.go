package desk

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/ledger"
	"fund/web/auth"
	"fund/web/page"
)

func init() {
	page.Meaning(box.ErrNotFound, fiber.StatusNotFound, "error.missing")
	page.Meaning(box.ErrState, fiber.StatusConflict, "error.moved_on")
	page.Meaning(box.ErrSameCounter, fiber.StatusConflict, "error.same_counter")
}

// boxRow is a box with the words of the list.
type boxRow struct {
	box.Box
	Where string
	Title string // of its campaign
}

type boxesView struct {
	Boxes    []boxRow
	Unbanked int
	MayAdd   bool
}

// Boxes lists the collection boxes and where each is between its seal and the bank.
func (p *Pages) Boxes(c *fiber.Ctx) error {
	v := boxesView{MayAdd: can(c, auth.ManageCampaign)}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	found, err := box.List(ctx, p.DB, here)
	if err != nil {
		return err
	}
	for _, b := range found {
		row, err := p.boxRow(c, b)
		if err != nil {
			return err
		}
		v.Boxes = append(v.Boxes, row)
	}
	unbanked, err := box.Unbanked(ctx, p.DB, here)
	if err != nil {
		return err
	}
	v.Unbanked = len(unbanked)
	return page.Render(c, "desk/boxes", v)
}

func (p *Pages) boxRow(c *fiber.Ctx, b box.Box) (row boxRow, err error) {
	lang := string(page.Of(c).Lang)
	of, err := campaigns.CampaignAt(c.UserContext(), p.DB, page.Of(c).Community.ID, b.CampaignID)
	return boxRow{b, b.Place(lang), of.Title(lang)}, err
}

type newBoxView struct {
	*page.Form
	Campaigns []page.Option
}

func (p *Pages) newBoxView(c *fiber.Ctx, f *page.Form) (v newBoxView, err error) {
	v.Form = labelled(f, "box.field", "number", "place_zh", "place_en", "campaign", "seal")
	v.Campaigns, err = p.raising(c)
	return v, err
}

// NewBox is the form for a box about to be put up.
func (p *Pages) NewBox(c *fiber.Ctx) error {
	v, err := p.newBoxView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/box_new", v)
}

const (
	placeMax = 80
	sealMax  = 30
)

// PlaceBox puts up a box, sealed.
func (p *Pages) PlaceBox(c *fiber.Ctx) error {
	v, err := p.newBoxView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	b := box.Box{Number: v.Text("number", 20), PlaceZH: v.Text("place_zh", placeMax), PlaceEN: v.Text("place_en", placeMax, page.Optional)}
	b.CampaignID, _ = strconv.Atoi(v.Choice("campaign", page.Values(v.Campaigns)))
	seal := v.Text("seal", sealMax)
	if !boxNumber.MatchString(b.Number) && b.Number != "" {
		v.Wrong("number", "box.wrong.number")
	}
	if v.AnyWrong() {
		return page.Again(c, "desk/box_new", v)
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	err = p.act(c, "box.place", "box:"+b.Number, nil, func(tx *sqlx.Tx, who string) (err error) {
		b, err = box.Place(c.UserContext(), tx, community, b, seal, who, p.Now())
		return err
	})
	if mended(v.Form, err) {
		return page.Again(c, "desk/box_new", v)
	}
	if err != nil {
		return err
	}
	return page.Done(c, boxPath(b.ID), "box.placed", "number", b.Number)
}

func boxPath(id int) string { return "/desk/boxes/" + strconv.Itoa(id) }

// mended says beside its field what a box refuses.
func mended(f *page.Form, err error) bool {
	switch {
	case errors.Is(err, box.ErrNumberTaken):
		f.Wrong("number", "box.wrong.taken")
	case errors.Is(err, box.ErrSealUsed):
		f.Wrong("seal", "box.wrong.seal")
	case errors.Is(err, box.ErrConditional):
		f.Wrong("campaign", "box.wrong.conditional")
	case errors.Is(err, ledger.ErrSlipUsed):
		f.Wrong("slip", "box.wrong.slip")
	default:
		return false
	}
	return true
}

type boxView struct {
	boxRow
	Form    *page.Form
	Counts  []countRow
	Differ  []differRow // where two counts do not agree, by denomination
	Rounds  []roundRow
	Wholes  []page.Option
	MayMove bool
	Mine    bool // whoever reads counted second
	MayMore bool // whoever reads may count
}

// countRow is who counted, without what: the second counts blind.
type countRow struct {
	box.Tally
	Who string
}

// roundRow is one time a box stood.
type roundRow struct {
	box.Round
	Collector string
	Counters  []string
}

// differRow is a denomination of which two people counted different numbers.
type differRow struct {
	Yuan          string
	First, Second int
}

// Box shows one box and what comes next.
func (p *Pages) Box(c *fiber.Ctx) error {
	v, err := p.boxView(c, page.BlankForm(c).Set("intact", "yes"))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/box", v)
}

const roundsMax = 50

func (p *Pages) boxView(c *fiber.Ctx, f *page.Form) (v boxView, err error) {
	b, err := p.boxAt(c)
	if err != nil {
		return v, err
	}
	v = boxView{Form: labelled(f, "box.field", "seal", "intact", "remark", "reason"), MayMove: can(c, auth.EnterCash), Wholes: choices(c, "box.intact", "yes", "no")}
	if v.boxRow, err = p.boxRow(c, b); err != nil {
		return v, err
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	counted, err := box.Tallies(c.UserContext(), p.DB, page.Of(c).Community.ID, b.ID, b.Round.Round)
	if err != nil {
		return v, err
	}
	v.Counts, v.Differ = counts(counted, name), differ(counted)
	s, err := auth.Current(c)
	if err != nil {
		return v, err
	}
	me := auth.UserSubject(s.UserID)
	v.MayMore = v.MayMove && (len(counted) < 2 || counted[0].Counter == me || counted[1].Counter == me)
	v.Mine = len(counted) == 2 && counted[1].Counter == me
	rounds, err := box.Rounds(c.UserContext(), p.DB, page.Of(c).Community.ID, b.ID, roundsMax)
	for _, r := range rounds {
		if r.State() == box.Opened {
			v.Rounds = append(v.Rounds, roundRow{r, name(r.CollectedBy), nil})
		}
	}
	return v, err
}

func counts(counted []box.Tally, name func(string) string) (rows []countRow) {
	for _, t := range counted {
		rows = append(rows, countRow{t, name(t.Counter)})
	}
	return rows
}

// differ lists where two counts do not agree.
func differ(counted []box.Tally) (rows []differRow) {
	if len(counted) < 2 {
		return nil
	}
	for i, one := range counted[0].Pieces {
		if other := counted[1].Pieces[i]; one != other {
			rows = append(rows, differRow{box.Denominations[i].YuanShort(), one, other})
		}
	}
	return rows
}

// boxAt is the box that the address names.
func (p *Pages) boxAt(c *fiber.Ctx) (box.Box, error) {
	id, err := page.Number(c, "box")
	if err != nil {
		return box.Box{}, err
	}
	return box.Find(c.UserContext(), p.DB, page.Of(c).Community.ID, id)
}

// MoveBox takes a box one step on: brought in, opened though the counts differ,
// sealed again, or taken away.
func (p *Pages) MoveBox(c *fiber.Ctx) error {
	v, err := p.boxView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	step := v.Form.Typed("step")
	move, ok := p.boxMove(c, v, step)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/box", v)
	}
	if !ok {
		return page.ErrUnreadable
	}
	err = p.act(c, "box."+step, "box:"+v.Number, nil, move)
	if mended(v.Form, err) {
		return page.Again(c, "desk/box", v)
	}
	if err != nil {
		return err
	}
	p.moved(c, v.CampaignID)
	did := "box.did_" + step
	return page.Done(c, boxPath(v.ID), did, "number", v.Number)
}

// boxMove reads a step's fields and gives the verb that does it.
func (p *Pages) boxMove(c *fiber.Ctx, v boxView, step string) (move func(tx *sqlx.Tx, who string) error, ok bool) {
	ctx, here, f := c.UserContext(), page.Of(c).Community.ID, v.Form
	switch step {
	case "collect":
		intact := f.Choice("intact", page.Values(v.Wholes)) == "yes"
		remark := f.Text("remark", reasonMax, page.Optional)
		if !intact && remark == "" {
			f.Wrong("remark", "box.wrong.remark")
		}
		return func(tx *sqlx.Tx, who string) error {
			return box.Collect(ctx, tx, here, v.ID, intact, remark, who, p.Now())
		}, true
	case "accept":
		reason := f.Text("reason", reasonMax)
		return func(tx *sqlx.Tx, who string) error {
			community, err := p.community(c)
			if err != nil {
				return err
			}
			return box.Accept(ctx, tx, community, v.ID, reason, who, p.Now())
		}, true
	case "seal":
		seal := f.Text("seal", sealMax)
		return func(tx *sqlx.Tx, who string) error { return box.Seal(ctx, tx, here, v.ID, seal, who, p.Now()) }, true
	case "retire":
		return func(tx *sqlx.Tx, _ string) error { return box.Retire(ctx, tx, here, v.ID, p.Now()) }, true
	}
	return nil, false
}

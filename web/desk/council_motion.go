package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/council"
	"fund/campaigns/project"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/pdf"
)

// motionView is a motion with what whoever reads may do about it.
type motionView struct {
	council.Story
	Form      *page.Form
	Me        *council.Voter // on the roll
	Choices   []page.Option
	Accounts  []page.Option
	Counted   []council.Counting
	Agreed    bool // on the sheets
	Second    bool // a count waits for its second
	IsMember  bool
	IsOfficer bool
	IsOwn     bool
	MayUse    bool // move the money that it unlocks
	MayBack   bool // and give some of it back
	MayCount  bool // the sheets of paper
	From, To  string
}

// Motion shows a motion to the members of its council.
func (p *Pages) Motion(c *fiber.Ctx) error {
	v, err := p.motionView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	return page.Render(c, "desk/council_motion", v)
}

func (p *Pages) motionView(c *fiber.Ctx, f *page.Form) (v motionView, err error) {
	ctx, here, today := c.UserContext(), page.Of(c).Community.ID, page.Of(c).Local(p.Now())
	if v.Story, err = council.Tell(ctx, p.DB, here, c.Params("council"), c.Params("motion")); err != nil {
		return v, err
	}
	v.Form, v.Choices = labelled(f, "council.field", "text", "choice", "code", "conflict", "why", "until", "for", "against", "abstained", "spoilt", "title", "file", "amount", "account", "date"),
		choices(c, "council.choice", council.Choices...)
	members, err := council.Members(ctx, p.DB, here, v.Council.ID, today)
	if err != nil {
		return v, err
	}
	if seat := seatOf(c, members); seat != nil && can(c, auth.VoteMotion) {
		v.IsMember, v.IsOfficer, v.IsOwn, v.Me = true, seat.Office != council.NoOffice, seat.Number == v.ProposedBy, v.Seat(seat.UserSubject)
	}
	v.MayCount = can(c, auth.VoteMotion)
	if v.Counted, err = council.Countings(ctx, p.DB, here, v.ID); err != nil {
		return v, err
	}
	if n := len(v.Counted); n > 0 {
		last := v.Counted[n-1]
		v.Agreed, v.Second = last.Agreed != nil && *last.Agreed, last.Agreed == nil
	}
	if f.Typed("until") == "" {
		f.Set("until", today.AddDate(0, 0, 7).Format(time.DateOnly)).Set("date", today.Format(time.DateOnly))
	}
	return v, p.motionMoney(c, &v)
}

// motionMoney names the funds of a motion, and prepares the form that moves its money.
func (p *Pages) motionMoney(c *fiber.Ctx, v *motionView) error {
	if v.Amount == nil {
		return nil
	}
	b, err := p.readBooks(c)
	if err != nil {
		return err
	}
	v.From, v.To = b.fundName(c, *v.FromFund), b.fundName(c, *v.ToFund)
	v.MayUse = v.Left.Sign() > 0 && can(c, auth.PostEntry)
	v.MayBack = v.ProjectID != nil && v.State == council.Passed && v.Left.Less(*v.Amount) && can(c, auth.PostEntry)
	for _, a := range b.moneyAccounts(ledger.Bank, ledger.Cash) {
		v.Accounts = append(v.Accounts, page.Option{Value: strconv.Itoa(a.ID), Label: a.Name(string(page.Of(c).Lang))})
	}
	if v.Form.Typed("amount") == "" {
		v.Form.Set("amount", v.Left.String())
	}
	return nil
}

// motionAct is what a member does about a motion: it reads the form, and answers the verb.
type motionAct func(v motionView, community ledger.Community) func(tx *sqlx.Tx, who string) error

func (p *Pages) motionActs(c *fiber.Ctx) map[string]motionAct {
	ctx := c.UserContext()
	member := func(v motionView) int { return v.Form.Number("member") }
	return map[string]motionAct{
		"open": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			until := v.Form.Date("until")
			if !until.IsZero() && until.Before(k.Day(p.Now())) {
				v.Form.Wrong("until", "council.wrong.until")
			}
			return func(tx *sqlx.Tx, who string) error {
				_, err := council.Open(ctx, tx, k, v.ID, until, who, p.Now())
				return err
			}
		},
		"withdraw": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			why := v.Form.Text("why", 200)
			return func(tx *sqlx.Tx, who string) error { return council.Withdraw(ctx, tx, k, v.ID, why, who, p.Now()) }
		},
		"escalate": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			why := v.Form.Text("why", 200)
			return func(tx *sqlx.Tx, who string) error {
				_, err := council.Escalate(ctx, tx, k, v.ID, why, who, p.Now())
				return err
			}
		},
		"say": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			text := v.Form.Text("text", 1000)
			return func(tx *sqlx.Tx, who string) error { return council.Say(ctx, tx, k, v.ID, text, who, p.Now()) }
		},
		"conflict": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			why := v.Form.Text("conflict", 200)
			return func(tx *sqlx.Tx, _ string) error {
				if v.Me == nil {
					return council.ErrNoMember
				}
				return council.DeclareConflict(ctx, tx, k.ID, v.ID, v.Me.Number, why)
			}
		},
		"sheet": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error {
				return v.byOfficer(council.HandSheet(ctx, tx, k, v.ID, member(v), p.Now()))
			}
		},
		"unsheet": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, _ string) error {
				return v.byOfficer(council.TakeSheetBack(ctx, tx, k.ID, v.ID, member(v)))
			}
		},
		"count": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			f := v.Form
			s := council.Sheets{For: f.Int("for", 0, 9999), Against: f.Int("against", 0, 9999), Abstained: f.Int("abstained", 0, 9999), Spoilt: f.Int("spoilt", 0, 9999)}
			return func(tx *sqlx.Tx, who string) error {
				_, err := council.CountSheets(ctx, tx, k.ID, v.ID, s, who, p.Now())
				return err
			}
		},
		"close": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			return func(tx *sqlx.Tx, who string) error {
				r, err := council.Close(ctx, tx, k, v.ID, who, p.Now())
				if err != nil || r.Outcome != council.Passed || v.ProjectID == nil {
					return err
				}
				return agreed(ctx, tx, k.ID, *v.ProjectID, v.ID, who, p.Now())
			}
		},
		"paper": func(v motionView, k ledger.Community) func(*sqlx.Tx, string) error {
			paper := council.Paper{Title: v.Form.Text("title", 80), Content: readPDF(c, v.Form)}
			return func(tx *sqlx.Tx, who string) error {
				return council.AddPaper(ctx, tx, k.ID, v.ID, paper, who, p.Now())
			}
		},
	}
}

// agreed moves the project on that a motion consented to, where it still waits for that.
func agreed(ctx context.Context, tx *sqlx.Tx, community, id int, motion uuid.UUID, who string, at time.Time) error {
	of, err := project.ProjectAt(ctx, tx, community, id)
	if err != nil || of.State != project.Checked {
		return err
	}
	return project.Agree(ctx, tx, community, id, motion, who, at)
}

// byOfficer refuses what only chair and secretary do.
func (v motionView) byOfficer(err error) error {
	if !v.IsOfficer {
		return council.ErrNoOffice
	}
	return err
}

const councilPaperMax = 5_000_000

// readPDF reads the uploaded file of a motion's paper.
func readPDF(c *fiber.Ctx, f *page.Form) []byte {
	head := f.File(c, "file")
	if head == nil {
		return nil
	}
	file, err := head.Open()
	if err != nil {
		f.Wrong("file", "council.wrong.pdf")
		return nil
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, councilPaperMax+1))
	if err != nil || len(content) > councilPaperMax || !bytes.HasPrefix(content, []byte("%PDF-")) {
		f.Wrong("file", "council.wrong.pdf")
	}
	return content
}

// ActOnMotion does what a member pressed on the page of a motion.
func (p *Pages) ActOnMotion(c *fiber.Ctx) error {
	v, err := p.motionView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	community, err := p.community(c)
	if err != nil {
		return err
	}
	did := v.Form.Typed("do")
	act := p.motionActs(c)[did]
	switch {
	case did == "vote":
		return p.vote(c, v, community)
	case act == nil:
		return page.ErrUnreadable
	case !v.IsMember && did != "count": // sheets are counted by whoever may vote in any council
		return council.ErrNoMember
	}
	verb := act(v, community)
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/council_motion", v)
	}
	err = p.act(c, "motion."+did, motionSubject(v.ID), nil, verb)
	p.moved(c, 0)
	if errors.Is(err, council.ErrSheets) {
		v.Form.Wrong("for", "council.error.sheets")
		return page.Again(c, "desk/council_motion", v)
	}
	return done(c, err, motionPath(v.Story), "council.did."+did)
}

// vote gives the vote of whoever is logged in; of a secret one the answer shows the code once.
func (p *Pages) vote(c *fiber.Ctx, v motionView, community ledger.Community) error {
	if v.Me == nil {
		return council.ErrNoMember
	}
	choice := council.Choice(v.Form.Choice("choice", page.Values(v.Choices)))
	code := v.Form.Text("code", 12, page.Optional)
	if v.Rule.Secret && v.Me.Way == "online" && code == "" {
		v.Form.Wrong("code", "council.wrong.code")
	}
	if v.Form.AnyWrong() {
		return page.Again(c, "desk/council_motion", v)
	}
	err := p.act(c, "motion.vote", motionSubject(v.ID), nil, func(tx *sqlx.Tx, _ string) (err error) {
		code, err = council.Vote(c.UserContext(), tx, community, v.ID, v.Me.Number, choice, code, p.Now())
		return err
	})
	p.moved(c, 0)
	if code != "" {
		return done(c, err, motionPath(v.Story), "council.did.vote_code", "code", code)
	}
	return done(c, err, motionPath(v.Story), "council.did.vote")
}

// BallotsPDF is paper to vote on: a sheet for everybody on the roll.
func (p *Pages) BallotsPDF(c *fiber.Ctx) error {
	v, err := p.motionView(c, page.BlankForm(c))
	if err != nil {
		return err
	}
	if v.State != council.IsOpen {
		return council.ErrVoteOver
	}
	r := page.Of(c)
	lang := string(r.Lang)
	doc := pdf.BallotDoc{Lang: lang, Community: r.Community.Name.In(r.Lang), Council: v.Council.Name(lang), Serial: v.Serial(), Title: v.Title(lang), Secret: v.Rule.Secret, Sheets: len(v.Roll) - len(v.Conflicts())}
	if v.Amount != nil {
		doc.Amount = v.Amount.Yuan()
	}
	return page.DrawPDF(c, "ballots-"+v.Serial(), func(w io.Writer) error { return pdf.Ballots(w, doc) })
}

// UseMotion moves money that a motion unlocked: to its project, or between its funds.
func (p *Pages) UseMotion(c *fiber.Ctx) error {
	v, err := p.motionView(c, page.ReadForm(c))
	if err != nil {
		return err
	}
	f, ctx := v.Form, c.UserContext()
	amount, on, id := f.Amount("amount"), f.Date("date"), f.Once("motion:"+v.ID.String(), "amount", "date", "account", "way")
	account := v.account()
	if v.Amount == nil || f.AnyWrong() {
		return page.Again(c, "desk/council_motion", v)
	}
	if v.ProjectID != nil && f.Typed("way") == "back" {
		amount = amount.Neg()
	}
	err = p.post(c, "motion.use", motionSubject(v.ID), func(tx *sqlx.Tx, community ledger.Community, who string) (ledger.Posted, error) {
		return council.Use(ctx, tx, community.ID, v.ID, func() (ledger.Posted, error) {
			if v.ProjectID != nil {
				return allotTo(ctx, tx, community.ID, *v.ProjectID, amount, on, id, who)
			}
			return ledger.TransferBetweenFunds(ctx, tx, community, v.transfer(id, account, amount, on, who))
		})
	})
	switch {
	case amount.Sign() < 0:
		return done(c, err, motionPath(v.Story), "council.did.use_back", "amount", amount.Neg().Yuan())
	case errors.Is(err, council.ErrOverVoted):
		f.Wrong("amount", "council.wrong.over", "left", v.Left.Yuan())
		return page.Again(c, "desk/council_motion", v)
	}
	return done(c, err, motionPath(v.Story), "council.did.use", "amount", amount.Yuan())
}

// account is where the money lies: a project's at the bank, other money where the form says.
func (v motionView) account() (code int) {
	if v.ProjectID == nil {
		code, _ = strconv.Atoi(v.Form.Choice("account", page.Values(v.Accounts)))
	}
	return code
}

// transfer is the movement between funds that the motion voted.
func (v motionView) transfer(id uuid.UUID, account int, amount money.Amount, on time.Time, who string) ledger.Transfer {
	return ledger.Transfer{
		ID: id, From: *v.FromFund, To: *v.ToFund, Account: account, Amount: amount, On: on, Why: v.TitleZH, Motion: v.Council.NameZH + " " + v.Serial(), By: who,
	}
}

// allotTo moves voted money into the project with that id.
func allotTo(ctx context.Context, tx *sqlx.Tx, community, id int, amount money.Amount, on time.Time, once uuid.UUID, who string) (ledger.Posted, error) {
	all, err := project.ListProjects(ctx, tx, community, project.Filter{})
	if err != nil {
		return ledger.Posted{}, err
	}
	for _, one := range all {
		if one.ID == id {
			return project.Allot(ctx, tx, community, one, amount, on, once, who)
		}
	}
	return ledger.Posted{}, project.ErrNotFound
}

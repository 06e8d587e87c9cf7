package sample

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/voice"
	"fund/ledger"
	"fund/ledger/money"
)

// lead is who answers for campaigns in the sample.
const lead = "lead"

// told is an update, or thanks, and when it was published.
type told struct {
	campaign                       string
	kind                           voice.Kind
	daysAgo                        int
	titleZH, titleEN, textZH, text string
	photos                         []snapshot
}

// snapshot is a drawn picture with what is said about it.
type snapshot struct{ drawing, alt, caption string }

var updates = []told{
	{
		"new-year-dinner", voice.Update, 12, "三口大锅借到了", "Three big pots on loan",
		"公益茶坊的厨房不够大，隔壁小学食堂借了三口锅，**不收钱**。\n\n- 周六试菜\n- 菜单贴在 3 号院门口，想吃什么写上去",
		"The tea house’s kitchen is too small. The school next door lends us three pots, **for nothing**.\n\n- We try the dishes on Saturday\n- The menu hangs at courtyard 3: write on it what you would like",
		[]snapshot{{"pots", "灶台上三口冒热气的大锅", "小学食堂借的三口锅"}},
	},
	{
		"new-year-dinner", voice.Update, 3, "保温箱到了 24 个", "The 24 boxes are here",
		"保温箱送到了，志愿者提着走了一遍最远的路：3 号院到 11 号院，二十分钟，汤还烫嘴。\n\n发票贴在公账里。",
		"The boxes came. We walked the longest way with one, courtyard 3 to courtyard 11, twenty minutes: the soup was still too hot to drink.\n\nThe invoice is in the ledger.",
		[]snapshot{{"boxes", "墙边摞着的保温箱", "24 个，一个不少"}, {"table", "院子里摆好的圆桌", ""}},
	},
	{
		"book-corner-chairs", voice.Update, 4, "赵师傅做好了第一把", "The first chair is done",
		"榆木的，四条腿一样长，七岁的和七十岁的都试坐过。",
		"Elm, four legs of one length. Somebody of seven and somebody of seventy have sat on it.",
		[]snapshot{{"chairs", "一排木椅", "第一把在左边"}},
	},
	{
		"solstice-dumplings", voice.Thanks, 0, "谢谢每一位包饺子的人", "Thank you, everybody who gave",
		"冬至那天，96 位老人坐到了一起，饺子包了三千只。谁捐的、花在哪，公账里一笔一笔都在；这里只说一句：**谢谢**。",
		"At the solstice 96 elders sat down together, to three thousand dumplings. Who gave and what it bought stands in the ledger; here there is one thing to say: **thank you**.", nil,
	},
}

var asked = []struct {
	daysAgo            int
	name, body, answer string
}{
	{9, "李阿姨", "我婆婆吃素，能不能单做？", "能。报名的时候说一声，另做**两桌**素菜，锅也分开。"},
	{6, "", "没到 60 岁、一个人过年的能来吗？", "能来。先紧着 80 岁以上的，名额有多的当天下午贴出来。"},
	{1, "小陈", "想当志愿者送饭，在哪里报名？", ""},
}

// speak makes the campaigns talk: galleries, updates with their letters, questions, thanks, and a resident's proposal that
// waits for the staff.
func (w *world) speak(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	if err := w.listen(ctx, tx); err != nil {
		return err
	}
	for _, u := range updates {
		if err := w.tell(ctx, tx, u, now); err != nil {
			return err
		}
	}
	dinner, err := campaigns.FindCampaign(ctx, tx, w.c.ID, "new-year-dinner")
	if err != nil {
		return err
	}
	gallery := []snapshot{{"table", "去年 3 号院的六张圆桌", "去年除夕，3 号院"}, {"pots", "茶坊厨房的灶台", ""}, {"boxes", "摞好的保温箱", "送餐用"}}
	if err := w.hang(ctx, tx, voice.OfCampaign(dinner.ID), gallery); err != nil {
		return err
	}
	for i, q := range asked {
		at := now.AddDate(0, 0, -q.daysAgo)
		id := newDice("question").id(at.Add(time.Duration(i)))
		err := voice.Ask(ctx, tx, w.c.ID, voice.Question{ID: id, CampaignID: dinner.ID, Body: q.body, AskedAt: at, Asker: voice.Asker{Name: q.name, Lang: "zh-CN"}})
		if err == nil && q.answer != "" {
			err = voice.Answer(ctx, tx, w.c.ID, dinner.ID, id, q.answer, lead, at.Add(5*time.Hour))
		}
		if err != nil {
			return err
		}
	}
	if err := w.showPapers(ctx, tx); err != nil {
		return err
	}
	if err := w.wonder(ctx, tx, now); err != nil {
		return err
	}
	return w.propose(ctx, tx, now)
}

// showPapers publishes the receipts of some payments, names covered: those that
// what somebody gave in 2017 paid for.
func (w *world) showPapers(ctx context.Context, tx *sqlx.Tx) error {
	var paid []int64
	entries, err := ledger.Journal(ctx, tx, w.c.ID, ledger.JournalFilter{Year: 2017, Direction: "out"}, 60)
	for _, e := range entries {
		if e.Expense.Sign() > 0 && e.FundRestricted && e.Reverses == 0 && e.ReversedBy == 0 {
			paid = append(paid, e.Seq)
		}
	}
	for _, seq := range paid[:min(len(paid), 12)] {
		if err == nil {
			err = campaigns.AddEvidence(ctx, tx, w.c.ID, seq, sketch("receipt"), "小票，名字和电话已涂掉", lead)
		}
	}
	return err
}

// listen lets the givers who left an address be told what becomes of it.
func (w *world) listen(ctx context.Context, tx *sqlx.Tx) error {
	for _, u := range updates {
		of, err := campaigns.FindCampaign(ctx, tx, w.c.ID, u.campaign)
		if err != nil {
			return err
		}
		gifts, err := campaigns.FindDonations(ctx, tx, w.c.ID, campaigns.DonationFilter{Campaign: of.ID, State: campaigns.Paid}, 400)
		if err != nil {
			return err
		}
		for _, gift := range gifts {
			if gift.DonorID == nil {
				continue
			}
			if err := voice.Follow(ctx, tx, w.c.ID, gift.ID, *gift.PaidAt); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) tell(ctx context.Context, tx *sqlx.Tx, u told, now time.Time) error {
	of, err := campaigns.FindCampaign(ctx, tx, w.c.ID, u.campaign)
	if err != nil {
		return err
	}
	at := now.AddDate(0, 0, -u.daysAgo)
	if u.kind == voice.Thanks {
		at = of.EndsOn.AddDate(0, 0, 20)
	}
	post, err := voice.WritePost(ctx, tx, w.c.ID, voice.Post{
		CampaignID: of.ID, Kind: u.kind, TitleZH: u.titleZH, TitleEN: u.titleEN, BodyZH: u.textZH, BodyEN: u.text, By: lead, CreatedAt: at,
	})
	if err != nil {
		return err
	}
	if err = w.hang(ctx, tx, voice.OfPost(post.ID), u.photos); err != nil {
		return err
	}
	_, err = voice.PublishPost(ctx, tx, w.c.ID, post.ID, lead, at)
	return err
}

func (w *world) hang(ctx context.Context, tx *sqlx.Tx, on voice.Owner, photos []snapshot) error {
	for _, s := range photos {
		if _, err := voice.AddPhoto(ctx, tx, w.c.ID, on, sketch(s.drawing), s.alt, s.caption); err != nil {
			return err
		}
	}
	return nil
}

// propose is a resident's proposal, handed in yesterday.
func (w *world) propose(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	at, from, to := now.AddDate(0, 0, -1), w.today.AddDate(0, 0, 16), w.today.AddDate(0, 0, 60)
	p, err := voice.StartProposal(ctx, tx, w.c.ID, "zh-CN", at)
	if err != nil {
		return err
	}
	p.Title, p.Theme, p.Purpose = "给 5 号院楼梯装一排扶手", "elders", "只用于 5 号院的楼梯扶手"
	p.Story = "5 号院没有电梯，楼梯又陡。住在四楼的何爷爷 83 岁，上下楼靠摸着墙走，去年冬天滑过一次。\n\n三个单元，每层一根扶手，请 7 号院的赵师傅带两个徒弟装，**两个周末**装好。"
	p.Budget = voice.Budget{
		{Name: "不锈钢扶手，三个单元共 96 米", Amount: money.MustParse("5760")},
		{Name: "支架和螺丝", Amount: money.MustParse("640")},
		{Name: "安装人工，3 人 4 天", Amount: money.MustParse("2400")},
	}
	p.StartsOn, p.EndsOn = &from, &to
	if err = voice.SaveProposal(ctx, tx, w.c.ID, p); err != nil {
		return err
	}
	if err = w.hang(ctx, tx, voice.OfProposal(p.ID), []snapshot{{"stairs", "没有扶手的楼梯", "二单元，四楼"}}); err != nil {
		return err
	}
	if err = voice.SaveContact(ctx, tx, w.c.ID, p.ID, voice.Contact{Name: "何晓梅", Phone: "138 0000 0000"}); err != nil {
		return err
	}
	return voice.Submit(ctx, tx, w.c.ID, p.Token, at)
}

// readers gives the dinner's first gifts made online an address, so that its updates have somebody to go to. The
// addresses are nobody's.
func readers(events []event) {
	addresses := []struct{ email, lang string }{{"tang.shifu@example.org", "zh-CN"}, {"j.baker@example.org", "en"}}
	for i := range events {
		if g := events[i].gift; g != nil && g.Campaign == "new-year-dinner" && g.Method == "sandbox" && g.Email == "" && len(addresses) > 0 {
			g.Email, g.Lang = addresses[0].email, addresses[0].lang
			addresses = addresses[1:]
		}
	}
}

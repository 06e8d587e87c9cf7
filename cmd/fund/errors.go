package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"

	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/transparency"
	"fund/ledger/watch"
	"fund/migrations/localpg"
	"fund/web/auth"
)

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1 // or something was found
	exitUsage  = 2
)

// errFound ends a command whose findings are printed already.
var errFound = errors.New("something was found")

// errUnread ends a command that has printed which file it could not read.
var errUnread = errors.New("a file could not be read")

// said is an error in the words of the person at the terminal.
type said struct {
	en, zh string
	status int
}

func (s *said) Error() string { return s.en }

// failed is said when the command was understood and could not be carried out.
func failed(en, zh string) error { return &said{en, zh, exitFailed} }

// usage is said when the command itself has to change.
func usage(en, zh string) error { return &said{en, zh, exitUsage} }

// tell says the error, if any, and returns the exit status.
func tell(out io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errFound) {
		return exitFailed
	}
	if errors.Is(err, errUnread) {
		return exitUsage
	}
	if errors.Is(err, context.Canceled) {
		err = failed("Interrupted.", "已中断。")
	}
	var words *said
	if !errors.As(err, &words) {
		words = translate(err)
	}
	fmt.Fprintf(out, "fund: %s\n", words.en)
	if words.zh != "" {
		fmt.Fprintln(out, words.zh)
	}
	return words.status
}

// foreseen are the errors of other packages that a person at the terminal can do something about.
var foreseen = []struct {
	err    error
	en, zh string
	status int
}{
	{ledger.ErrExists, "There is one of this name already. See fund community list.", "同名的已经有了。看一看：fund community list", exitFailed},
	{ledger.ErrNotFound, "There is none of this name. See fund community list.", "没有叫这个名字的。看一看：fund community list", exitFailed},
	{ledger.ErrPeriodOpen, "A month of the year is still open.", "这一年有的月份还没关账。", exitFailed},
	{ledger.ErrMoved, "Somebody has just posted an entry. Look at the list and try again.", "刚刚有人记了一笔账。看一眼清单，再来一次。", exitFailed},
	{auth.ErrLoginTaken, "Somebody has this login. Choose another one.", "这个登录名已有人用，换一个。", exitFailed},
	{auth.ErrLoginUnusable, "A login is 2 to 254 letters, digits or . _ % + - @.", "登录名是 2 到 254 个字母、汉字、数字或 . _ % + - @。", exitUsage},
	{auth.ErrNameMissing, "Say the person's name: --name.", "写上姓名：--name", exitUsage},
	{
		auth.ErrPasswordWeak, "The password is too easy to guess. Take at least 10 characters, 5 of them different, without the login.",
		"密码太容易猜。至少 10 个字符，其中 5 个不同，不含登录名。", exitFailed,
	},
	{auth.ErrDutiesApart, "One person cannot have these two roles.", "这两个角色不能由同一个人担任。", exitFailed},
	{auth.ErrUserUnknown, "There is nobody with this login.", "没有用这个登录名的人。", exitFailed},
	{
		payment.ErrSandboxWithReal, "Pretend money and real money never stand side by side: leave --sandbox, or the FUND_WECHAT_…, FUND_ALIPAY_… and FUND_TRANSFER_… settings.",
		"假钱和真钱不能同时收：去掉 --sandbox，或去掉 FUND_WECHAT_…、FUND_ALIPAY_…、FUND_TRANSFER_… 这些设置。", exitUsage,
	},
	{transparency.ErrSignature, "The checkpoint is not signed by this key.", "账目快照不是用这把密钥签的。", exitFailed},
	{transparency.ErrNoFork, "This does not prove that anything was rewritten.", "这份文件证明不了历史被改写。", exitFailed},
	{transparency.ErrForked, "Not signed: it contradicts a checkpoint that was seen before. One of the two is not true.", "没有签：它和以前见过的快照互相矛盾，两份不可能都是真的。", exitFailed},
	{transparency.ErrNotNext, "Not signed: the checkpoint is older than the last one that was signed.", "没有签：这份快照比上次签的还旧。", exitFailed},
	{transparency.ErrBackwards, "Not signed: the checkpoint is older than the last one that was signed.", "没有签：这份快照比上次签的还旧。", exitFailed},
	{watch.ErrUnreachable, "The address does not answer as a community's log does. It looks like https://fund.example.org/c/angong.", "这个网址不像一个社区的账目日志。它应该像 https://fund.example.org/c/angong", exitFailed},
	{watch.ErrElsewhere, "This is another log than the one that the copy is of. Take another directory.", "这不是原来那本账的日志。换一个目录。", exitFailed},
	{watch.ErrDamaged, "The copy in this directory was changed on this disk. Keep it apart, and make a new one.", "这个目录里的副本在这台机器上被动过。放到一边，重新建一份。", exitFailed},
	{transparency.ErrMalformed, "The file has not the form of a checkpoint or a proof.", "文件不是账目快照或存在性证明的样子。", exitFailed},
	{transparency.ErrProof, "The proof does not lead to the checkpoint: what it shows is not in this log.", "证明与账目快照对不上：这本账里没有它。", exitFailed},
}

// translate finds the words for an error of another package.
func translate(err error) *said {
	for _, known := range foreseen {
		if errors.Is(err, known.err) {
			return &said{known.en, known.zh, known.status}
		}
	}
	for _, bilingual := range []error{localpg.ErrNotInstalled, localpg.ErrInUse, localpg.ErrUnreachable, localpg.ErrVersion} {
		if errors.Is(err, bilingual) {
			return &said{err.Error(), "", exitFailed}
		}
	}
	if errors.Is(err, payment.ErrSetting) {
		return &said{err.Error(), "收款渠道的设置不全，上面逐条写明。全部设置见 fund serve --help", exitUsage}
	}
	if errors.Is(err, localpg.ErrNotOwner) {
		return notOwner
	}
	if words := translateDatabase(err); words != nil {
		return words
	}
	return &said{err.Error(), "出了意料之外的错。", exitFailed}
}

// notOwner is said to a role that lacks a right.
var notOwner = &said{"This database role may not do that. Name the schema's owner in DATABASE_OWNER_URL.", "这个数据库角色无权这样做。在 DATABASE_OWNER_URL 里写上结构的所有者。", exitFailed}

// translateDatabase says what a database refused, by its SQLSTATE, and never the statement.
func translateDatabase(err error) *said {
	var refused *pq.Error
	var unreached *net.OpError
	switch {
	case errors.As(err, &refused) && refused.Code == "3D000":
		return &said{"The database named in the connection string does not exist. Create it first: createdb.", "连接串里的数据库不存在。先用 createdb 建好。", exitFailed}
	case errors.As(err, &refused) && strings.HasPrefix(string(refused.Code), "28"):
		return &said{
			"The database does not let us in: " + refused.Message + ". Check user and password; before the first fund migrate the role fund_app is missing.",
			"数据库不让进。检查用户名和密码；第一次 fund migrate 之前还没有 fund_app 这个角色。", exitFailed,
		}
	case errors.As(err, &refused) && refused.Code == "42501":
		return notOwner
	case errors.As(err, &refused) && (refused.Code == "42P01" || refused.Code == "3F000" || refused.Code == "42883" || refused.Code == "42703"):
		return behind()
	case errors.As(err, &unreached):
		return &said{"The database does not answer at " + address(unreached) + ".", "连不上数据库 " + address(unreached) + "。", exitFailed}
	}
	return nil
}

// behind is said when the database lacks migrations.
func behind() *said {
	return &said{"The database is older than this program. Run: fund migrate", "数据库结构比程序旧。先运行：fund migrate", exitFailed}
}

func address(e *net.OpError) string {
	if e.Addr != nil {
		return e.Addr.String()
	}
	return "the address in DATABASE_URL"
}

package campaigns

import "fund/ledger"

// What Check finds about papers.
const (
	PaperChanged  ledger.FindingCode = "paper_changed"  // a line of the list is not the one that was logged
	PaperMissing  ledger.FindingCode = "paper_missing"  // a file is gone, and nobody took it away
	PaperSwapped  ledger.FindingCode = "paper_swapped"  // another file lies in its place
	PaperUnlogged ledger.FindingCode = "paper_unlogged" // a photograph is shown that is not in the list
)

// standing are the papers that nobody has taken away, with their files' digests.
const standing = `
		SELECT p.number, p.entry_seq, p.digest, coalesce(sha256(o.bytes), sha256(x.jpeg)) AS found
		  FROM campaigns.paper p
		  LEFT JOIN campaigns.original o ON p.what = 'original' AND o.community_id = p.community_id AND o.id = p.file_id
		  LEFT JOIN campaigns.picture x ON p.what = 'public' AND x.community_id = p.community_id AND x.id = p.file_id
		 WHERE p.community_id = $1 AND p.what <> 'withdrawn' AND NOT EXISTS (
		       SELECT FROM campaigns.paper w WHERE w.community_id = p.community_id AND w.entry_seq = p.entry_seq AND w.file_id = p.file_id AND w.what = 'withdrawn')`

// ofEntry names a paper by its number and its entry.
const ofEntry = `(SELECT f.number || ' (' || e.year || '-' || e.number || ')' FROM ledger.journal_entry e WHERE e.community_id = $1 AND e.seq = f.entry_seq)`

var paperRules = []ledger.Rule{
	{Code: PaperChanged, ZH: "第 {of} 号票据的登记与账目日志不符", EN: "the record of paper {of} is not the one in the log", Query: `
		SELECT coalesce(p.number, l.leaf_index + 1), '', ''
		  FROM (SELECT p.number, sha256(decode('00', 'hex') || campaigns.paper_record(p, c.slug)) AS hash
		          FROM campaigns.paper p JOIN ledger.community c ON c.id = p.community_id WHERE p.community_id = $1) p
		  FULL JOIN (SELECT leaf_index, hash FROM transparency.paper_leaf WHERE community_id = $1) l ON l.leaf_index = p.number - 1
		 WHERE p.hash IS DISTINCT FROM l.hash`},
	{Code: PaperMissing, ZH: "第 {of} 号票据的文件不见了，也没有人撤下它", EN: "the file of paper {of} is gone, and nobody took it away", Query: `
		SELECT ` + ofEntry + `, '', '' FROM (` + standing + `) f WHERE f.found IS NULL`},
	{Code: PaperSwapped, ZH: "第 {of} 号票据的文件被换过", EN: "the file of paper {of} is another one", Query: `
		SELECT ` + ofEntry + `, '', '' FROM (` + standing + `) f WHERE f.found <> f.digest`},
	{Code: PaperUnlogged, ZH: "凭证 {of} 公开的一张票据不在票据清单里", EN: "entry {of} shows a paper that is not in the list of papers", Query: `
		SELECT j.year || '-' || j.number, '', ''
		  FROM campaigns.evidence e
		  JOIN ledger.journal_entry j ON j.community_id = e.community_id AND j.seq = e.entry_seq
		 WHERE e.community_id = $1 AND e.withdrawn_at IS NULL AND NOT EXISTS (
		       SELECT FROM campaigns.paper p WHERE p.community_id = e.community_id AND p.entry_seq = e.entry_seq AND p.file_id = e.picture_id AND p.what = 'public')`},
}

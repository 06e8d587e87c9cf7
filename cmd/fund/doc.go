// Command fund is the money system of a neighbourhood community in one binary: the server, the demo, and what an
// operator needs at the terminal. A file per command; env.go opens the database and the keys for all of them; app.go
// puts the server together.
//
// It never decides anything about money and holds no SQL: a command reads its flags, calls one verb of the package that
// knows, and prints. Every error is said in English and Chinese, without a stack trace; the exit status is 0 when all is
// well, 1 when something failed or was found, 2 when the command was not understood.
//
//	fund demo                 # everything, with a sample community
//	fund community add --slug gongzhang --name-zh 弓长社区 --name-en Gongzhang --standard npo-2004
//	fund user add --login wang --name 王芳 --community gongzhang --role treasurer
//	fund serve
//	fund check
package main

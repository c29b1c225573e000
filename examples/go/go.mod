module cleanplate.example

go 1.18

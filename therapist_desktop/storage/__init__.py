"""The encrypted practice on disk. Nothing outside this package knows SQLCipher or an SQL dialect."""

"""The steps of a build, between the pipeline that tells the story and the layers that do the work.

`gather` asks the store and calls the analysis; `plan` calls the pages; `book` collects the figures
that pages ask for.
"""

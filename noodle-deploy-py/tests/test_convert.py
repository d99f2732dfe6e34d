"""scikit-learn estimators: converted, deployed, and asked the same questions. The lists are those of the guide."""

import os
import re
import unittest
import warnings

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
)
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    GammaRegressor,
    HuberRegressor,
    Lars,
    Lasso,
    LassoCV,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    RidgeCV,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    PolynomialFeatures,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier

import noodle_deploy
from support import ROOT, Case, run

X, Y = load_iris(return_X_y=True)
X = X.astype(np.float32)

CLASSIFIERS = [
    AdaBoostClassifier(n_estimators=5, random_state=0),
    BaggingClassifier(n_estimators=5, random_state=0),
    BernoulliNB(),
    ComplementNB(),
    ExtraTreeClassifier(random_state=0),
    LogisticRegressionCV(max_iter=500),
    MultinomialNB(),
    OneVsRestClassifier(LogisticRegression()),
    Perceptron(random_state=0),
    StackingClassifier([("logistic", LogisticRegression(max_iter=500))]),
    DecisionTreeClassifier(random_state=0),
    ExtraTreesClassifier(10, random_state=0),
    GaussianNB(),
    GradientBoostingClassifier(n_estimators=5, random_state=0),
    KNeighborsClassifier(),
    LinearDiscriminantAnalysis(),
    LinearSVC(random_state=0),
    LogisticRegression(max_iter=500),
    MLPClassifier(max_iter=200, random_state=0),
    RandomForestClassifier(10, random_state=0),
    RidgeClassifier(),
    SGDClassifier(random_state=0),
    make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
    make_pipeline(MinMaxScaler(), MLPClassifier(max_iter=200, random_state=0)),
    make_pipeline(PCA(2), LogisticRegression(max_iter=500)),
]
OTHERS = [
    BayesianRidge(),
    ElasticNet(alpha=0.1),
    GammaRegressor(),
    GaussianMixture(2, random_state=0),
    HuberRegressor(),
    KNeighborsRegressor(),
    Lars(),
    LassoCV(),
    LinearSVR(random_state=0),
    MaxAbsScaler(),
    MiniBatchKMeans(3, n_init=1, random_state=0),
    Normalizer(),
    PoissonRegressor(),
    PolynomialFeatures(2),
    RidgeCV(),
    RobustScaler(),
    SelectKBest(k=2),
    SGDRegressor(max_iter=100, random_state=0),
    TruncatedSVD(2),
    VarianceThreshold(),
    KMeans(3, n_init=1, random_state=0),
    Lasso(),
    LinearRegression(),
    MLPRegressor(max_iter=200, random_state=0),
    Ridge(),
    PCA(2),
    StandardScaler(),
]
REFUSED = [
    AdaBoostRegressor(n_estimators=5, random_state=0),
    Binarizer(),
    ExtraTreesRegressor(5),
    NuSVC(nu=0.3),
    PowerTransformer(),
    SimpleImputer(),
    DecisionTreeRegressor(),
    GradientBoostingRegressor(n_estimators=5),
    RandomForestRegressor(5),
    SVC(),
    SVR(),
]


def names(estimators):
    steps = (e.named_steps.values() if hasattr(e, "named_steps") else [e] for e in estimators)
    return {type(step).__name__ for some in steps for step in some}


class Convert(Case):
    def setUp(self):
        super().setUp()
        # scikit-learn warns that so few iterations do not converge, and of its own deprecations.
        caught = warnings.catch_warnings()
        caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("ignore")

    def deploy(self, estimator, example=X):
        path = noodle_deploy.convert(estimator, self.tmp / "model.onnx", example=example)
        version = self.noodle.register_version(model="m", path=path)
        self.noodle.deploy(deployment="d", model="m", version=version.version)
        [spec] = version.signature.inputs
        return lambda x: self.noodle.predict("d", {spec.name: x}).outputs

    def test_classifiers(self):
        for estimator in CLASSIFIERS:
            with self.subTest(str(estimator)):
                estimator.fit(X, Y)
                outputs = self.deploy(estimator)(X)
                np.testing.assert_array_equal(outputs["label"], estimator.predict(X))
                if hasattr(estimator, "predict_proba"):
                    np.testing.assert_allclose(outputs["probabilities"], estimator.predict_proba(X), atol=1e-4)

    def test_others(self):
        for estimator in OTHERS:
            with self.subTest(str(estimator)):
                # Some take targets above zero alone.
                estimator.fit(X, Y.astype(np.float32) + 1)
                found = next(iter(self.deploy(estimator)(X).values()))
                expected = estimator.predict(X) if hasattr(estimator, "predict") else estimator.transform(X)
                np.testing.assert_allclose(found.reshape(expected.shape), expected, atol=1e-4)

    def test_what_does_not_run_is_refused(self):
        for estimator in REFUSED:
            estimator.fit(X, Y)
            with self.subTest(str(estimator)), self.fails("unsupported", operator="ai.onnx.ml"):
                self.deploy(estimator)

    def test_the_guide_lists_them(self):
        guide = (ROOT / "docs/guide/python.md").read_text(encoding="utf-8")
        runs = re.search(r"These run: (.*?)\.\n", guide, re.DOTALL)[1]
        refused = re.search(r"These do not: (.*?)\.\n", guide, re.DOTALL)[1]
        self.assertEqual(set(re.findall(r"`(\w+)`", runs)), names(CLASSIFIERS + OTHERS))
        self.assertEqual(set(re.findall(r"`(\w+)`", refused)), names(REFUSED))

    def test_doubles_become_singles(self):
        doubles = X.astype(np.float64)
        for estimator in (
            LogisticRegression(max_iter=500),
            MLPClassifier(max_iter=200, random_state=0),
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
            GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.1, 1.0]}),
        ):
            with self.subTest(str(estimator)):
                estimator.fit(doubles, Y)
                ask = self.deploy(estimator, doubles)
                outputs = ask(X)
                np.testing.assert_array_equal(outputs["label"], estimator.predict(doubles))
                np.testing.assert_allclose(outputs["probabilities"], estimator.predict_proba(doubles), atol=1e-4)
                with self.fails("invalid_argument", field="dtype", value="f64", allowed="f32"):
                    ask(doubles)

    def test_examples_that_are_none(self):
        columns = "allowed: an array of rows with 4 columns"
        fitted = LinearRegression().fit(X, Y)
        for example, error, says in [
            (X[:, :3], ValueError, rf"example: an array of shape \(150, 3\), {columns}"),
            (X[None], ValueError, rf"example: an array of shape \(1, 150, 4\), {columns}"),
            (X[0], ValueError, rf"example: an array of shape \(4,\), {columns}"),
            (X.tolist(), TypeError, f"example: list, {columns}"),
            (None, TypeError, f"example: NoneType, {columns}"),
            ({"x": X}, TypeError, f"example: dict, {columns}"),
        ]:
            with self.subTest(says), self.assertRaisesRegex(error, says):
                noodle_deploy.convert(fitted, self.tmp / "model.onnx", example=example)
        with self.assertRaisesRegex(ValueError, "model: LinearRegression, not fitted, allowed: a fitted estimator"):
            noodle_deploy.convert(LinearRegression(), self.tmp / "model.onnx", example=X)
        with self.assertRaisesRegex(TypeError, "model: the class LinearRegression, allowed: an instance of it"):
            noodle_deploy.convert(LinearRegression, self.tmp / "model.onnx", example=X)
        with self.assertRaisesRegex(TypeError, "not the class int"):
            noodle_deploy.convert(int, self.tmp / "model.onnx", example=X)
        self.assertFalse((self.tmp / "model.onnx").exists())

    def test_what_is_no_model(self):
        with self.assertRaisesRegex(TypeError, "only scikit-learn estimators, PyTorch modules .*, not object"):
            noodle_deploy.convert(object(), self.tmp / "model.onnx", example=X)

    def test_what_only_modules_take(self):
        for options in ({"axes": {}}, {"exporter": "dynamo"}):
            with self.assertRaisesRegex(TypeError, "axes and exporter are for PyTorch modules"):
                noodle_deploy.convert(LinearRegression(), self.tmp / "model.onnx", example=X, **options)

    def test_a_module_without_torch(self):
        program = """
import noodle_deploy
class Module:
    pass
Module.__module__ = "torch.nn.modules.module"
try:
    noodle_deploy.convert(type("Mine", (Module,), {})(), "m.onnx", example=None)
except ImportError as error:
    print(error)
"""
        program = "import sys\nsys.modules['torch'] = None\n" + program
        self.assertIn("pip install 'noodle-deploy[torch]'", run(program, cwd=self.tmp).stdout)

    def test_without_the_exporter(self):
        program = """
import sys
sys.modules["skl2onnx"] = None
from sklearn.linear_model import LinearRegression
import noodle_deploy
try:
    noodle_deploy.convert(LinearRegression(), "m.onnx", example=None)
except ImportError as error:
    print(error)
"""
        done = run(program, cwd=self.tmp)
        self.assertIn("pip install 'noodle-deploy[sklearn]'", done.stdout, done.stderr)
        self.assertFalse(os.path.exists(self.tmp / "m.onnx"))


if __name__ == "__main__":
    unittest.main()
